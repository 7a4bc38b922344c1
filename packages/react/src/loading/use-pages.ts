/** A list that is loaded page by page. */
import { useCallback, useState } from 'react';
import { type Loaded, useLoaded } from './use-loaded.ts';

interface Page<Item> {
  nodes: Item[];
  pageInfo: { endCursor: string | null; hasNextPage: boolean };
}

export interface Pages<Item> extends Pick<Loaded<Item[]>, 'isLoading' | 'error' | 'reload'> {
  /** Null: not loaded yet. */
  items: Item[] | null;
  hasMore: boolean;
  loadMore: () => Promise<void>;
  /** Why the next page could not be loaded. */
  moreError: unknown;
}

/** @param load must be stable. Null: no user is signed in */
export function usePages<Item>(load: (after: string | null) => Promise<Page<Item> | null>): Pages<Item> {
  const first = useCallback(async () => (await load(null)) ?? nothing<Item>(), [load]);
  const { value, isLoading, error, reload, set } = useLoaded(first);
  const [moreError, setMoreError] = useState<unknown>(null);
  const loadMore = async () => {
    if (!value?.pageInfo.hasNextPage) return;
    setMoreError(null);
    try {
      const next = (await load(value.pageInfo.endCursor)) ?? nothing<Item>();
      set({ nodes: [...value.nodes, ...next.nodes], pageInfo: next.pageInfo });
    } catch (failure) {
      setMoreError(failure);
    }
  };
  const hasMore = value?.pageInfo.hasNextPage ?? false;
  return { items: value?.nodes ?? null, hasMore, loadMore, moreError, isLoading, error, reload };
}

function nothing<Item>(): Page<Item> {
  return { nodes: [], pageInfo: { endCursor: null, hasNextPage: false } };
}
