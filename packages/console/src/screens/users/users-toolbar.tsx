/** The search field and the filters of the list of users. Phones choose them in one dialog (users-filter-sheet.tsx). */
import { useQuery } from '@tanstack/react-query';
import Search from 'lucide-react/icons/search';
import { useEffect, useState } from 'react';
import { operation } from '../../data/operation.ts';
import { useDebounced } from '../../data/use-debounced.ts';
import { RolesDocument } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { FilterChip } from '../../parts/filter-chip.tsx';
import { usePermissions } from '../../session/viewer.ts';
import { factors, periods, statuses, type UsersSearch, usersSearch } from './search.ts';

export interface UsersToolbarProps {
  search: UsersSearch;
  onChange: (part: UsersSearch) => void;
}

export function UsersToolbar({ search, onChange }: UsersToolbarProps) {
  return (
    <div className="toolbar">
      <SearchField text={search.q ?? ''} onChange={onChange} />
      {useUserFilters().map(({ name, label, choices }) => (
        <FilterChip
          key={name}
          label={label}
          choices={choices}
          value={search[name]}
          onChange={(value) => onChange({ [name]: usersSearch({ [name]: value })[name] })}
        />
      ))}
    </div>
  );
}

function SearchField({ text, onChange }: { text: string; onChange: (part: UsersSearch) => void }) {
  const { users } = useMessages();
  const [typed, setTyped] = useState(text);
  const settled = useDebounced(typed, 250);
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (settled !== text) onChange({ q: settled === '' ? undefined : settled });
    // Only typing changes the address; the address changes the field above.
  }, [settled]);
  return (
    <div className="search">
      <Search className="i i-14" aria-hidden="true" />
      <input
        className="input"
        type="search"
        data-page-search
        aria-label={users.search}
        placeholder={users.search}
        maxLength={254}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
    </div>
  );
}

/** The filters with their choices. Roles are known to roles with `roles:read` only. */
export function useUserFilters() {
  const { users, states } = useMessages();
  const mayReadRoles = usePermissions().has('roles:read');
  const { data } = useQuery({ ...operation('roles', RolesDocument, {}), enabled: mayReadRoles });
  const period = periods.map((value) => ({ value, label: users.periods[value] }));
  const filters = [
    { name: 'status', label: users.status, choices: statuses.map((value) => ({ value, label: states[value] })) },
    { name: 'role', label: users.role, choices: (data?.roles ?? []).map(({ name }) => ({ value: name, label: name })) },
    { name: 'factor', label: users.factor, choices: factors.map((value) => ({ value, label: users.factors[value] })) },
    { name: 'signedIn', label: users.lastSignIn, choices: period },
    { name: 'created', label: users.created, choices: period },
  ] as const;
  return filters.filter(({ name }) => name !== 'role' || mayReadRoles);
}
