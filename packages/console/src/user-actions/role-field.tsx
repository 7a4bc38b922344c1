/** The roles that the administrator may grant, and what the chosen one changes. */
import { Select } from '@postern/react/ui';
import { useQuery } from '@tanstack/react-query';
import { operation } from '../data/operation.ts';
import { RolesDocument, type UserDetailFragment } from '../generated/operations.ts';
import { useMessages } from '../messages/messages.ts';
import { useViewer } from '../session/viewer.ts';
import { mayGrant } from './rules.ts';

export interface RoleFieldProps {
  user: UserDetailFragment;
  value: string;
  onChange: (role: string) => void;
}

export function RoleField({ user, value, onChange }: RoleFieldProps) {
  const { actions, users } = useMessages();
  const viewer = useViewer();
  const { data } = useQuery(operation('roles', RolesDocument, {}));
  const roles = data?.roles ?? [];
  const permissionsOf = (name: string) => roles.find((role) => role.name === name)?.permissions ?? [];
  const before = permissionsOf(user.role.name);
  const after = permissionsOf(value);
  const gained = after.filter((permission) => !before.includes(permission)).length;
  const lost = before.filter((permission) => !after.includes(permission)).length;
  return (
    <Select
      name="role"
      label={users.role}
      value={value}
      onChange={({ target }) => onChange(target.value)}
      hint={actions.changeRole.difference(gained, lost)}
    >
      {roles
        .filter((role) => role.name === user.role.name || mayGrant(viewer, role))
        .map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
    </Select>
  );
}
