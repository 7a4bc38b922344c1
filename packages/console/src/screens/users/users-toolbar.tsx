/** The search field, the filters and, on phones, the order of the list of users. */
import { Button, Icon } from '@postern/react/ui';
import ChevronDown from 'lucide-react/icons/chevron-down';
import ListFilter from 'lucide-react/icons/list-filter';
import Search from 'lucide-react/icons/search';
import { useEffect, useRef, useState } from 'react';
import { useDebounced } from '../../data/use-debounced.ts';
import { useMessages } from '../../messages/messages.ts';
import { FilterChip } from '../../parts/filter-chip.tsx';
import { Menu } from '../../parts/menu.tsx';
import { sorts, type UsersSearch, usersSearch } from './search.ts';
import { useUserFilters } from './user-filters.ts';
import { UsersFilterDialog } from './users-filter-dialog.tsx';

export interface UsersToolbarProps {
  search: UsersSearch;
  onChange: (part: UsersSearch) => void;
}

export function UsersToolbar({ search, onChange }: UsersToolbarProps) {
  const { filters: texts } = useMessages();
  const filters = useUserFilters();
  const [isOpen, setOpen] = useState(false);
  const active = filters.filter(({ name }) => search[name] !== undefined).length;
  return (
    <div className="toolbar">
      <SearchField text={search.q ?? ''} onChange={onChange} />
      {filters.map(({ name, label, choices }) => (
        <FilterChip
          key={name}
          label={label}
          choices={choices}
          value={search[name]}
          onChange={(value) => onChange({ [name]: usersSearch({ [name]: value })[name] })}
        />
      ))}
      <Button className="only-s" icon={ListFilter} onClick={() => setOpen(true)}>
        {active === 0 ? texts.filter : texts.active(active)}
      </Button>
      <SortChoice search={search} onChange={onChange} />
      {isOpen && (
        <UsersFilterDialog search={search} filters={filters} onChange={onChange} onClose={() => setOpen(false)} />
      )}
    </div>
  );
}

/** Phones have no heads of columns. */
function SortChoice({ search: { sort = 'signed-in' }, onChange }: UsersToolbarProps) {
  const { filters, users } = useMessages();
  const entries = sorts.map((value) => ({
    key: value,
    label: users.sorts[value],
    isChecked: value === sort,
    onChoose: () => onChange({ sort: value, direction: value === 'email' ? 'asc' : 'desc' }),
  }));
  return (
    <Menu className="btn only-s" entries={entries}>
      <span className="k">{filters.sort}</span>
      {users.sorts[sort]}
      <Icon of={ChevronDown} size={14} />
    </Menu>
  );
}

function SearchField({ text, onChange }: { text: string; onChange: (part: UsersSearch) => void }) {
  const { users } = useMessages();
  const [typed, setTyped] = useState(text);
  const settled = useDebounced(typed, 250);
  /** What the address contains because of this field: only other changes of the address change the field. */
  const sent = useRef(text);
  useEffect(() => {
    if (text === sent.current) return;
    sent.current = text;
    setTyped(text);
  }, [text]);
  useEffect(() => {
    if (settled === sent.current) return;
    sent.current = settled;
    onChange({ q: settled === '' ? undefined : settled });
    // Only typing changes the address.
  }, [settled]);
  return (
    <div className="search">
      <Icon of={Search} size={14} />
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
