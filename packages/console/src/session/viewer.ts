/** The signed-in administrator and what their role allows. What it does not allow is not drawn; the gateway decides. */
import type { MyselfFragment } from '@postern/client';
import { queryOptions } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { client } from './client.ts';

export type Viewer = MyselfFragment;

/** Null: not signed in. */
export const viewerQuery = queryOptions({
  queryKey: ['viewer'],
  queryFn: async () => ((await client.resume()) ? client.viewer() : null),
  staleTime: 60_000,
});

export const ViewerContext = createContext<Viewer | null>(null);

/** @throws Error outside of the session gate */
export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext);
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
