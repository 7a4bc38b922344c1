/** The period and the filters of the audit trail: chips whose values are in the address. */
import { timelineActions } from '@postern/react/timeline';
import { classes, Icon } from '@postern/react/ui';
import ChevronDown from 'lucide-react/icons/chevron-down';
import ListFilter from 'lucide-react/icons/list-filter';
import { useState } from 'react';
import { useMessages } from '../../messages/messages.ts';
import { FilterChip } from '../../parts/filter-chip.tsx';
import { Menu } from '../../parts/menu.tsx';
import { PersonLabel } from '../../parts/person-label.tsx';
import { PersonOptions } from '../../parts/person-options.tsx';
import { PopoverChip } from '../../parts/popover-chip.tsx';
import { usePermissions } from '../../session/viewer.ts';
import { type AuditSearch, auditSearch, isFiltered, outcomes, periods } from './search.ts';
import { ActionOptions, AddressForm } from './text-options.tsx';

export interface AuditToolbarProps {
  search: AuditSearch;
  onChange: (part: Partial<AuditSearch>) => void;
  isLive: boolean;
  onLive: (isLive: boolean) => void;
}

export function AuditToolbar({ search, onChange, isLive, onLive }: AuditToolbarProps) {
  const { audit, filters } = useMessages();
  // Phones show the filters behind one button.
  const [areShown, setShown] = useState(isFiltered(search));
  const canFind = usePermissions().has('users:read');
  const set = (part: Partial<AuditSearch>, close: () => void) => {
    onChange(auditSearch(part));
    close();
  };
  const period = search.period ?? '24';
  return (
    <div className={classes('toolbar', areShown && 'all')}>
      <Menu
        className="btn"
        entries={periods.map((value) => ({
          key: value,
          label: audit.periods[value],
          isChecked: value === period,
          onChoose: () => onChange({ period: value }),
        }))}
      >
        <span className="k">{audit.period}</span>
        {audit.periods[period]}
        <Icon of={ChevronDown} size={14} />
      </Menu>
      <PopoverChip label={audit.action} value={search.action} onRemove={() => onChange({ action: undefined })}>
        {(close) => <ActionOptions actions={timelineActions} onChoose={(action) => set({ action }, close)} />}
      </PopoverChip>
      <FilterChip
        label={audit.outcome}
        choices={outcomes.map((value) => ({ value, label: audit.outcomes[value] }))}
        value={search.outcome}
        onChange={(value) => onChange({ outcome: auditSearch({ outcome: value }).outcome })}
      />
      {(canFind || search.by) && (
        <PopoverChip
          label={audit.by}
          value={search.by && <PersonLabel id={search.by} />}
          onRemove={() => onChange({ by: undefined })}
        >
          {(close) => <PersonOptions onChoose={(by) => set({ by }, close)} />}
        </PopoverChip>
      )}
      {(canFind || search.on) && (
        <PopoverChip
          label={audit.on}
          value={search.on && <PersonLabel id={search.on} />}
          onRemove={() => onChange({ on: undefined })}
        >
          {(close) => <PersonOptions onChoose={(on) => set({ on }, close)} />}
        </PopoverChip>
      )}
      <PopoverChip label={audit.address} value={search.address} onRemove={() => onChange({ address: undefined })}>
        {(close) => <AddressForm onChoose={(address) => set({ address }, close)} />}
      </PopoverChip>
      <button className="btn only-s" type="button" aria-expanded={areShown} onClick={() => setShown(!areShown)}>
        <Icon of={ListFilter} />
        {filters.filter}
      </button>
      <span className="spacer" />
      <button
        className={classes('btn live', !isLive && 'off')}
        type="button"
        aria-pressed={isLive}
        onClick={() => onLive(!isLive)}
      >
        <span className="dot" />
        {audit.live}
      </button>
    </div>
  );
}
