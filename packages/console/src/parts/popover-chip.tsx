/** A value that is found by typing: a dashed button while it is not set, otherwise the value with a button that removes it. */
import { Icon } from '@postern/react/ui';
import Plus from 'lucide-react/icons/plus';
import X from 'lucide-react/icons/x';
import { type ReactNode, type RefObject, useId, useRef, useState } from 'react';
import { useMessages } from '../messages/messages.ts';
import { useOverlay } from './use-overlay.ts';

export interface PopoverChipProps {
  label: string;
  /** Undefined: the filter is not set. */
  value: ReactNode;
  onRemove: () => void;
  /** Default: the words for a filter. */
  removeLabel?: string;
  children: (close: () => void) => ReactNode;
}

export function PopoverChip({ label, value, onRemove, removeLabel, children }: PopoverChipProps) {
  const { filters } = useMessages();
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const popover = (
    <>
      <button
        ref={button}
        className={value ? undefined : 'btn unset'}
        type="button"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {value ? (
          <>
            <span className="k">{label}</span>
            <b>{value}</b>
          </>
        ) : (
          <>
            <Icon of={Plus} size={14} />
            {label}
          </>
        )}
      </button>
      {isOpen && (
        <Picker id={id} label={label} button={button} onDismiss={() => setOpen(false)} onClose={close}>
          {children(close)}
        </Picker>
      )}
    </>
  );
  if (!value) return popover;
  return (
    <span className="filter">
      {popover}
      <button type="button" aria-label={removeLabel ?? filters.remove(label)} onClick={onRemove}>
        <Icon of={X} size={14} />
      </button>
    </span>
  );
}

interface PickerProps {
  id: string;
  label: string;
  button: RefObject<HTMLButtonElement | null>;
  onDismiss: () => void;
  /** Also returns the focus. */
  onClose: () => void;
  children: ReactNode;
}

function Picker({ id, label, button, onDismiss, onClose, children }: PickerProps) {
  const overlay = useRef<HTMLDivElement>(null);
  useOverlay({ overlay, button, align: 'start', onDismiss });
  return (
    <div
      ref={overlay}
      id={id}
      className="menu picker"
      role="dialog"
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      {children}
    </div>
  );
}
