/**
 * A button with a menu (ARIA APG, menu button). Arrow keys, Home, End and first letters move; Escape and Tab close it; the focus returns
 * to the button.
 */
import { Icon } from '@postern/react/ui';
import type { LucideIcon } from 'lucide-react';
import Check from 'lucide-react/icons/check';
import { type KeyboardEvent, type ReactNode, type RefObject, useId, useLayoutEffect, useRef, useState } from 'react';
import { useOverlay } from './use-overlay.ts';

export interface MenuEntry {
  key: string;
  label: string;
  icon?: LucideIcon;
  /** It ends access. */
  isDanger?: boolean;
  /** One of several values, of which one holds. */
  isChecked?: boolean;
  onChoose: () => void;
}

export interface MenuProps {
  /** The classes of the button. */
  className: string;
  /** The name of a button that is only an icon. */
  label?: string | undefined;
  /** The content of the button. */
  children: ReactNode;
  entries: readonly MenuEntry[];
  align?: 'start' | 'end';
}

export function Menu({ className, label, children, entries, align = 'start' }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = (returnsFocus: boolean) => {
    setOpen(false);
    if (returnsFocus) button.current?.focus();
  };
  return (
    <>
      <button
        ref={button}
        className={className}
        type="button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {children}
      </button>
      {isOpen && <MenuList id={id} button={button} label={label} entries={entries} align={align} onClose={close} />}
    </>
  );
}

interface MenuListProps extends Pick<MenuProps, 'label' | 'entries'> {
  id: string;
  button: RefObject<HTMLButtonElement | null>;
  align: 'start' | 'end';
  onClose: (returnsFocus: boolean) => void;
}

/** The entries in their order. */
function itemsOf(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
}

function MenuList({ id, button, label, entries, align, onClose }: MenuListProps) {
  const list = useRef<HTMLDivElement>(null);

  useOverlay({ overlay: list, button, align, onDismiss: () => onClose(false) });
  useLayoutEffect(() => {
    const items = itemsOf(list.current);
    (items.find((item) => item.ariaChecked === 'true') ?? items[0])?.focus();
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    const items = itemsOf(list.current);
    const index = items.findIndex((item) => item.matches(':focus'));
    const letter = event.key.length === 1 && !event.ctrlKey && !event.metaKey ? event.key.toLocaleLowerCase() : null;
    const following = [...items.slice(index + 1), ...items.slice(0, index + 1)];
    const target = {
      ArrowDown: items[(index + 1) % items.length],
      ArrowUp: items.at(index <= 0 ? -1 : index - 1),
      Home: items[0],
      End: items.at(-1),
    }[event.key];
    if (event.key === 'Escape') onClose(true);
    else if (event.key === 'Tab') return onClose(false);
    else if (target) target.focus();
    else if (letter !== null && letter !== ' ')
      following.find(({ textContent }) => textContent?.toLocaleLowerCase().startsWith(letter))?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={list} id={id} className="menu" role="menu" aria-label={label} tabIndex={-1} onKeyDown={onKeyDown}>
      {entries.map(({ key, label: text, icon, isDanger, isChecked, onChoose }) => (
        // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the role menuitemradio supports it
        <button
          key={key}
          className={isDanger ? 'item danger' : 'item'}
          type="button"
          role={isChecked === undefined ? 'menuitem' : 'menuitemradio'}
          aria-checked={isChecked}
          tabIndex={-1}
          onClick={() => {
            onClose(true);
            onChoose();
          }}
        >
          {isChecked !== undefined && <span className="mark">{isChecked && <Icon of={Check} size={14} />}</span>}
          {icon && <Icon of={icon} />}
          {text}
        </button>
      ))}
    </div>
  );
}
