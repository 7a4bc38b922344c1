/** The entries of a filter: pages of older ones, and with `isLive` the newest ones every few seconds. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { operation } from '../../data/operation.ts';
import { AuditEntriesDocument, type AuditEntryPartsFragment, type AuditFilter } from '../../generated/operations.ts';
import { entriesOf, pageSize } from './entries-query.ts';

const pollMs = 5000;
/** From here on the reader has scrolled: new entries wait behind a button. */
const topPixels = 160;

export function useEntries(where: AuditFilter, isLive: boolean) {
  const list = useInfiniteQuery(entriesOf(where));
  const newest = useQuery({
    ...operation('audit-newest', AuditEntriesDocument, { first: pageSize, where }),
    refetchInterval: pollMs,
    enabled: isLive && list.isSuccess,
  });
  const pages = list.data?.pages;
  const latest = newest.data?.auditEntries.nodes;
  const entries = useMemo(
    () => merged([...(pages ?? []).flatMap(({ auditEntries }) => auditEntries.nodes), ...(latest ?? [])]),
    [pages, latest],
  );
  // More new entries than one page: the list would have a hole.
  const first = pages?.[0]?.auditEntries.nodes[0];
  const hasHole = latest?.length === pageSize && first !== undefined && (latest.at(-1)?.id ?? '') > first.id;
  const { refetch } = list;
  useEffect(() => {
    if (hasHole) void refetch();
  }, [hasHole, refetch]);

  const newestId = entries[0]?.id ?? null;
  const [seenId, setSeenId] = useState(newestId);
  useEffect(() => {
    if (window.scrollY < topPixels) setSeenId(newestId);
  }, [newestId]);
  const shown = seenId === null ? entries : entries.filter(({ id }) => id <= seenId);
  return { list, shown, pending: entries.length - shown.length, showPending: () => setSeenId(newestId) };
}

/** Newest first, each entry once in its latest state: ids are in the order of time. */
function merged(found: readonly AuditEntryPartsFragment[]): AuditEntryPartsFragment[] {
  const byId = new Map(found.map((entry) => [entry.id, entry]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
}
