/** Whether this browser can use passkeys: null until the page runs in a browser. */
import { useSyncExternalStore } from 'react';

const never = () => () => undefined;
const isSupported = () => 'PublicKeyCredential' in globalThis;

export function usePasskeySupport(): boolean | null {
  return useSyncExternalStore<boolean | null>(never, isSupported, () => null);
}
