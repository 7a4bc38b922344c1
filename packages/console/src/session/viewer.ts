/** The signed-in administrator and what their role allows. What it does not allow is not drawn; the gateway decides. */
import { useSession, type Viewer } from '@postern/react';

/** @throws Error outside of the session gate */
export function useViewer(): Viewer {
  const { viewer } = useSession();
  if (viewer === null) throw new Error('Use this inside <SessionGate>.');
  return viewer;
}

export interface Permissions {
  /** Whether the role has one of these permissions. */
  has(...names: readonly string[]): boolean;
}

export function usePermissions(): Permissions {
  const { permissions } = useViewer();
  return { has: (...names) => names.some((name) => permissions.includes(name)) };
}

/** A name for the screen: the display name, otherwise the address. */
export function nameOf({ displayName, email }: { displayName: string | null; email: string }): string {
  return displayName ?? email;
}
