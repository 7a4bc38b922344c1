/** The entries of a filter, page by page, newest first. */
import { infiniteQueryOptions } from '@tanstack/react-query';
import { AuditEntriesDocument, type AuditFilter } from '../../generated/operations.ts';
import { client } from '../../session/client.ts';

export const pageSize = 40;

export function entriesOf(where: AuditFilter) {
  return infiniteQueryOptions({
    queryKey: ['audit', where],
    queryFn: ({ pageParam, signal }) =>
      client.request(AuditEntriesDocument, { first: pageSize, after: pageParam, where }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ auditEntries: { pageInfo } }) => (pageInfo.hasNextPage ? pageInfo.endCursor : undefined),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
