/** A filter above a table: a dashed button while it is not set, otherwise its value with a button that removes it. */
import { Icon } from '@postern/react/ui';
import Plus from 'lucide-react/icons/plus';
import X from 'lucide-react/icons/x';
import { useMessages } from '../messages/messages.ts';
import { type Choice, ChoiceMenu } from './choice-menu.tsx';

export interface FilterChipProps {
  label: string;
  choices: readonly Choice[];
  value: string | undefined;
  /** Undefined: the filter is removed. */
  onChange: (value: string | undefined) => void;
}

export function FilterChip({ label, choices, value, onChange }: FilterChipProps) {
  const { filters } = useMessages();
  if (value === undefined)
    return (
      <ChoiceMenu
        choices={choices}
        value={value}
        onChoose={onChange}
        trigger={
          <button className="btn unset" type="button">
            <Icon of={Plus} size={14} />
            {label}
          </button>
        }
      />
    );
  return (
    <span className="filter">
      <ChoiceMenu
        choices={choices}
        value={value}
        onChoose={onChange}
        trigger={
          <button type="button">
            <span className="k">{label}</span>
            <b>{choices.find((choice) => choice.value === value)?.label ?? value}</b>
          </button>
        }
      />
      <button type="button" aria-label={filters.remove(label)} onClick={() => onChange(undefined)}>
        <Icon of={X} size={14} />
      </button>
    </span>
  );
}
