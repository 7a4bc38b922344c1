/** A filter above a table: a dashed button while it is not set, otherwise its value with a button that removes it. */
import { Icon } from '@postern/react/ui';
import Plus from 'lucide-react/icons/plus';
import X from 'lucide-react/icons/x';
import { useMessages } from '../messages/messages.ts';
import { Menu } from './menu.tsx';

export interface Choice {
  value: string;
  label: string;
}

export interface FilterChipProps {
  label: string;
  choices: readonly Choice[];
  value: string | undefined;
  /** Undefined: the filter is removed. */
  onChange: (value: string | undefined) => void;
}

export function FilterChip({ label, choices, value, onChange }: FilterChipProps) {
  const { filters } = useMessages();
  const entries = choices.map((choice) => ({
    key: choice.value,
    label: choice.label,
    isChecked: choice.value === value,
    onChoose: () => onChange(choice.value),
  }));
  if (value === undefined)
    return (
      <Menu className="btn unset" entries={entries}>
        <Icon of={Plus} size={14} />
        {label}
      </Menu>
    );
  return (
    <span className="filter">
      <Menu className="" entries={entries}>
        <span className="k">{label}</span>
        <b>{choices.find((choice) => choice.value === value)?.label ?? value}</b>
      </Menu>
      <button type="button" aria-label={filters.remove(label)} onClick={() => onChange(undefined)}>
        <Icon of={X} size={14} />
      </button>
    </span>
  );
}
