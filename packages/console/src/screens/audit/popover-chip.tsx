/** A filter whose value is found by typing: a dashed button while it is not set, otherwise its value with a button that removes it. */
import { Popover } from '@base-ui/react/popover';
import Plus from 'lucide-react/icons/plus';
import X from 'lucide-react/icons/x';
import { type ReactNode, useState } from 'react';
import { useMessages } from '../../messages/messages.ts';

export interface PopoverChipProps {
  label: string;
  /** Undefined: the filter is not set. */
  value: ReactNode;
  onRemove: () => void;
  children: (close: () => void) => ReactNode;
}

export function PopoverChip({ label, value, onRemove, children }: PopoverChipProps) {
  const { filters } = useMessages();
  const [isOpen, setOpen] = useState(false);
  const trigger = value ? (
    <button type="button">
      <span className="k">{label}</span>
      <b>{value}</b>
    </button>
  ) : (
    <button className="btn unset" type="button">
      <Plus className="i i-14" aria-hidden="true" />
      {label}
    </button>
  );
  const popover = (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger render={trigger} />
      <Popover.Portal>
        <Popover.Positioner className="over" align="start" sideOffset={4}>
          <Popover.Popup className="menu picker" aria-label={label}>
            {children(() => setOpen(false))}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
  if (!value) return popover;
  return (
    <span className="filter">
      {popover}
      <button type="button" aria-label={filters.remove(label)} onClick={onRemove}>
        <X className="i i-14" aria-hidden="true" />
      </button>
    </span>
  );
}
