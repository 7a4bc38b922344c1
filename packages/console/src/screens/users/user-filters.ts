/** The filters of the list of users, with their choices. */
import { useQuery } from '@tanstack/react-query';
import { operation } from '../../data/operation.ts';
import { RolesDocument } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import type { Choice } from '../../parts/filter-chip.tsx';
import { usePermissions } from '../../session/viewer.ts';
import { factors, periods, statuses } from './search.ts';

export interface UserFilterField {
  /** The search parameter. */
  name: 'status' | 'role' | 'factor' | 'signedIn' | 'created';
  label: string;
  choices: readonly Choice[];
}

/** A role without `roles:read` cannot filter by role. */
export function useUserFilters(): UserFilterField[] {
  const { users, states } = useMessages();
  const mayReadRoles = usePermissions().has('roles:read');
  const { data } = useQuery({ ...operation('roles', RolesDocument, {}), enabled: mayReadRoles });
  const period = periods.map((value) => ({ value, label: users.periods[value] }));
  const roles = (data?.roles ?? []).map(({ name }) => ({ value: name, label: name }));
  const filters: UserFilterField[] = [
    { name: 'status', label: users.status, choices: statuses.map((value) => ({ value, label: states[value] })) },
    { name: 'role', label: users.role, choices: roles },
    { name: 'factor', label: users.factor, choices: factors.map((value) => ({ value, label: users.factors[value] })) },
    { name: 'signedIn', label: users.lastSignIn, choices: period },
    { name: 'created', label: users.created, choices: period },
  ];
  return filters.filter(({ name }) => name !== 'role' || mayReadRoles);
}
