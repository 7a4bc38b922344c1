/** The roles: a matrix of permissions, of which one column at a time is edited. */
import { Button } from '@postern/react/ui';
import { useQueries, useQuery } from '@tanstack/react-query';
import Plus from 'lucide-react/icons/plus';
import { useState } from 'react';
import { operation } from '../../data/operation.ts';
import { PermissionsDocument, RolesDocument, UserCountDocument } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { usePermissions } from '../../session/viewer.ts';
import { PageHead } from '../../shell/page-head.tsx';
import { Failure } from '../../states/failure.tsx';
import { Permitted } from '../../states/permitted.tsx';
import { CreateRoleDialog, DeleteRoleDialog, ReviewDialog } from './role-dialogs.tsx';
import { RoleMatrix } from './role-matrix.tsx';
import type { Role } from './rules.ts';
import { SaveBar } from './save-bar.tsx';
import { useDraft } from './use-draft.ts';

export function RolesScreen() {
  return (
    <Permitted page="roles">
      <Roles />
    </Permitted>
  );
}

function Roles() {
  const { pages, roles: texts } = useMessages();
  const may = usePermissions();
  const list = useQuery(operation('roles', RolesDocument, {}));
  const permissions = useQuery(operation('permissions', PermissionsDocument, {}));
  const roles = list.data?.roles ?? [];
  const counts = useCounts(roles, may.has('users:read'));
  const { draft, edit, toggle, stop } = useDraft(roles);
  const [isCreating, setCreating] = useState(false);
  const [isReviewing, setReviewing] = useState(false);
  const [deleted, setDeleted] = useState<Role | null>(null);
  const error = list.error ?? permissions.error;
  const hasChanges = draft !== null && draft.added.length + draft.removed.length > 0;
  return (
    <>
      <PageHead
        title={pages.roles}
        actions={
          may.has('roles:write') && (
            <Button kind="primary" icon={Plus} onClick={() => setCreating(true)}>
              {texts.create}
            </Button>
          )
        }
      />
      {error && !(list.data && permissions.data) ? (
        <div className="table-wrap">
          <Failure query={list.error ? list : permissions} />
        </div>
      ) : (
        <RoleMatrix
          roles={roles}
          permissions={permissions.data?.permissions ?? null}
          counts={counts}
          draft={draft}
          onEdit={edit}
          onToggle={toggle}
          onDelete={setDeleted}
        />
      )}
      {hasChanges && (
        <SaveBar
          draft={draft}
          users={counts.get(draft.role.name) ?? null}
          onDiscard={stop}
          onReview={() => setReviewing(true)}
        />
      )}
      {isReviewing && draft && <ReviewDialog draft={draft} onDone={stop} onClose={() => setReviewing(false)} />}
      {isCreating && <CreateRoleDialog roles={roles} onClose={() => setCreating(false)} />}
      {deleted && <DeleteRoleDialog role={deleted} onDone={stop} onClose={() => setDeleted(null)} />}
    </>
  );
}

/** How many users have each role. */
function useCounts(roles: readonly Role[], mayReadUsers: boolean): ReadonlyMap<string, number> {
  const answers = useQueries({
    queries: roles.map(({ name }) => ({
      ...operation('users', UserCountDocument, { where: { role: name } }),
      enabled: mayReadUsers,
    })),
  });
  return new Map(
    roles.flatMap(({ name }, index) => {
      const count = answers[index]?.data?.users.totalCount;
      return count === undefined ? [] : [[name, count] as const];
    }),
  );
}
