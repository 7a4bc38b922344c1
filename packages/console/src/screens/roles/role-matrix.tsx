/** Permissions by role. The operations that a permission opens unfold below it. */
import { Button, classes, Icon, Select } from '@postern/react/ui';
import Pencil from 'lucide-react/icons/pencil';
import { Fragment, useState } from 'react';
import type { PermissionsQuery } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { useViewer } from '../../session/viewer.ts';
import { PermissionRow } from './permission-row.tsx';
import { groupOf, mayDelete, mayEdit, type PermissionGroup, type Role } from './rules.ts';
import type { Draft } from './use-draft.ts';

export interface RoleMatrixProps {
  roles: readonly Role[];
  /** null: not loaded yet. */
  permissions: PermissionsQuery['permissions'] | null;
  counts: ReadonlyMap<string, number>;
  draft: Draft | null;
  onEdit: (role: Role) => void;
  onToggle: (permission: string) => void;
  onDelete: (role: Role) => void;
}

const groups: readonly PermissionGroup[] = ['own', 'users', 'trust', 'installation'];

export function RoleMatrix({ roles, permissions, counts, draft, onEdit, onToggle, onDelete }: RoleMatrixProps) {
  const { roles: texts } = useMessages();
  const viewer = useViewer();
  const [open, setOpen] = useState<readonly string[]>([]);
  const flip = (name: string) =>
    setOpen((now) => (now.includes(name) ? now.filter((other) => other !== name) : [...now, name]));
  const editable = roles.filter((role) => mayEdit(viewer, role));
  return (
    <>
      {editable.length > 0 && (
        <div className="only-s edited-role">
          <Select
            name="edited"
            label={texts.editedRole}
            value={draft?.role.name ?? ''}
            onChange={({ target }) => {
              const chosen = editable.find(({ name }) => name === target.value);
              if (chosen) onEdit(chosen);
            }}
          >
            <option value="">{texts.nothing}</option>
            {editable.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        </div>
      )}
      <div className="table-wrap">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls needs the keyboard (axe: scrollable-region-focusable) */}
        <section className="table-scroll" tabIndex={0} aria-label={texts.matrix}>
          <table className="matrix" aria-busy={permissions === null}>
            <thead>
              <tr>
                <th scope="col">{texts.permission}</th>
                {roles.map((role) => (
                  <th scope="col" key={role.name} className={classes('col', draft?.role.name === role.name && 'edit')}>
                    <RoleName role={role} draft={draft} onEdit={onEdit} />
                    <span className="hint num">
                      {draft?.role.name === role.name ? texts.editing : texts.rank(role.rank)}
                      {counts.has(role.name) && ` · ${texts.users(counts.get(role.name) ?? 0)}`}
                      {counts.has(role.name) && <span className="vh">{texts.usersHidden}</span>}
                    </span>
                    <DeleteButton role={role} draft={draft} onDelete={onDelete} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {permissions === null && <SkeletonRows columns={roles.length} />}
              {groups.map((group) => {
                const members = (permissions ?? []).filter(({ name }) => groupOf(name) === group);
                if (members.length === 0) return null;
                return (
                  <Fragment key={group}>
                    <tr className="grp">
                      <td colSpan={roles.length + 1}>{texts.groups[group]}</td>
                    </tr>
                    {members.map((permission) => (
                      <PermissionRow
                        key={permission.name}
                        permission={permission}
                        roles={roles}
                        draft={draft}
                        isOpen={open.includes(permission.name)}
                        onFlip={() => flip(permission.name)}
                        onToggle={() => onToggle(permission.name)}
                      />
                    ))}
                  </Fragment>
                );
              })}
            </tbody>
          </table>
        </section>
      </div>
    </>
  );
}

/** Begins to edit the column, where the viewer may. */
function RoleName({ role, draft, onEdit }: Pick<RoleMatrixProps, 'draft' | 'onEdit'> & { role: Role }) {
  const { roles: texts } = useMessages();
  const viewer = useViewer();
  if (!mayEdit(viewer, role) || draft?.role.name === role.name) return <span className="role">{role.name}</span>;
  return (
    <button
      className="role edit-role"
      type="button"
      aria-label={texts.editRole(role.name)}
      onClick={() => onEdit(role)}
    >
      {role.name}
      <Icon of={Pencil} size={14} />
    </button>
  );
}

function DeleteButton({ role, draft, onDelete }: Pick<RoleMatrixProps, 'draft' | 'onDelete'> & { role: Role }) {
  const { roles: texts } = useMessages();
  const viewer = useViewer();
  if (draft?.role.name !== role.name || !mayDelete(viewer, role)) return null;
  return (
    <Button size="small" kind="danger" aria-label={texts.deleteRole(role.name)} onClick={() => onDelete(role)}>
      {texts.delete}
    </Button>
  );
}

function SkeletonRows({ columns }: { columns: number }) {
  return Array.from({ length: 8 }, (_, index) => `row-${index}`).map((row) => (
    <tr key={row}>
      <td className="perm" colSpan={columns + 1}>
        <div className="skeleton w-40" />
      </td>
    </tr>
  ));
}
