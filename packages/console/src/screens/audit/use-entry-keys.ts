/** J and K move between the entries, Escape closes the inspector. Enter opens the focused entry: it is a link. */
import { useEffect, useMemo, useRef } from 'react';
import { useShortcuts } from '../../shell/shortcuts.ts';

export function useEntryKeys(isOpen: boolean, close: () => void): void {
  const latest = useRef({ isOpen, close });
  useEffect(() => {
    latest.current = { isOpen, close };
  });
  const shortcuts = useMemo(
    () => ({
      j: () => moveFocus(1),
      k: () => moveFocus(-1),
      Escape: () => {
        if (latest.current.isOpen) latest.current.close();
      },
    }),
    [],
  );
  useShortcuts(shortcuts);
}

/** From the focused entry, otherwise from the selected one, otherwise to the first. */
function moveFocus(step: 1 | -1): void {
  const entries = [...document.querySelectorAll<HTMLElement>('[data-entry]')];
  const active = document.activeElement;
  const focused = active instanceof HTMLElement ? entries.indexOf(active) : -1;
  const current = focused >= 0 ? focused : entries.findIndex((entry) => entry.ariaCurrent === 'true');
  const next = entries[current < 0 ? 0 : current + step];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}
