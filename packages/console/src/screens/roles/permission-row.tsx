/** One permission: what it means, the operations that it opens, and the roles that have it. */
import { classes } from '@postern/react/ui';
import Check from 'lucide-react/icons/check';
import ChevronDown from 'lucide-react/icons/chevron-down';
import ChevronRight from 'lucide-react/icons/chevron-right';
import { useId } from 'react';
import type { PermissionsQuery } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { useViewer } from '../../session/viewer.ts';
import { mayToggle, operationName, type Role } from './rules.ts';
import type { Draft } from './use-draft.ts';

export interface PermissionRowProps {
  permission: PermissionsQuery['permissions'][number];
  roles: readonly Role[];
  draft: Draft | null;
  isOpen: boolean;
  onFlip: () => void;
  onToggle: () => void;
}

export function PermissionRow({ permission, roles, draft, isOpen, onFlip, onToggle }: PermissionRowProps) {
  const { roles: texts } = useMessages();
  const { name, operations } = permission;
  const meanings: Readonly<Record<string, string>> = texts.meanings;
  const listId = useId();
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <>
      <tr>
        <td className="perm">
          <div className="perm-cell">
            <div>
              <b>{name}</b>
              <span>{meanings[name]}</span>
            </div>
            <button className="opens" type="button" aria-expanded={isOpen} aria-controls={listId} onClick={onFlip}>
              {texts.operations(operations.length)}
              <span className="vh">{texts.ofPermission(name)}</span>
              <Chevron className="i i-14" aria-hidden="true" />
            </button>
          </div>
        </td>
        {roles.map((role) =>
          draft?.role.name === role.name ? (
            <EditedCell key={role.name} name={name} draft={draft} onToggle={onToggle} />
          ) : (
            <td className="col" key={role.name}>
              {role.permissions.includes(name) ? (
                <Check className="i" aria-hidden="true" />
              ) : (
                <span className="no" aria-hidden="true" />
              )}
              <span className="vh">{role.permissions.includes(name) ? texts.yes : texts.no}</span>
            </td>
          ),
        )}
      </tr>
      {isOpen && (
        <tr className="ops" id={listId}>
          <td>
            <ul>
              {operations.map((field) => (
                <li className="chip line mono" key={field}>
                  {operationName(field)}
                </li>
              ))}
            </ul>
          </td>
          {roles.map((role) => (
            <td className={classes('col', draft?.role.name === role.name && 'edit')} key={role.name} />
          ))}
        </tr>
      )}
    </>
  );
}

function EditedCell({ name, draft, onToggle }: { name: string; draft: Draft; onToggle: () => void }) {
  const { roles: texts } = useMessages();
  const viewer = useViewer();
  const isChanged = [...draft.added, ...draft.removed].includes(name);
  const isAllowed = mayToggle(viewer, draft.role, name);
  return (
    <td className={classes('col edit', isChanged && 'changed')}>
      <input
        className="tick"
        type="checkbox"
        checked={draft.permissions.includes(name)}
        disabled={!isAllowed}
        title={isAllowed ? undefined : texts.notHeld}
        aria-label={`${draft.role.name}: ${name}${isChanged ? texts.changed : ''}`}
        onChange={onToggle}
      />
    </td>
  );
}
