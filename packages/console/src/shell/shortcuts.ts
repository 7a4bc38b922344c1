/** Keyboard shortcuts. Single letters are off while typing and can be switched off (WCAG 2.2, 2.1.4). */
import { useEffect, useSyncExternalStore } from 'react';

/** By key: `mod+k` is Ctrl or Command with K; a single character is that key alone. */
export type Shortcuts = Readonly<Record<string, () => void>>;

const storageKey = 'postern:console:single-keys';
const listeners = new Set<() => void>();

export function useSingleKeys(): [isOn: boolean, set: (isOn: boolean) => void] {
  const isOn = useSyncExternalStore(subscribe, areSingleKeysOn);
  return [isOn, setSingleKeys];
}

/** @param shortcuts must stay the same object between renders */
export function useShortcuts(shortcuts: Shortcuts): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const action = shortcuts[nameOf(event)];
      if (!action || event.defaultPrevented) return;
      if (!isModified(event) && (!areSingleKeysOn() || isBusy(event.target))) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [shortcuts]);
}

function nameOf(event: KeyboardEvent): string {
  return isModified(event) ? `mod+${event.key.toLowerCase()}` : event.key;
}

function isModified({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return (ctrlKey || metaKey) && !altKey;
}

/** Whether the key is text for a field, or belongs to an open dialog or menu. */
function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open], [role="menu"]')) return true;
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));
}

function areSingleKeysOn(): boolean {
  return window.localStorage.getItem(storageKey) !== 'off';
}

function setSingleKeys(isOn: boolean): void {
  if (isOn) window.localStorage.removeItem(storageKey);
  else window.localStorage.setItem(storageKey, 'off');
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
