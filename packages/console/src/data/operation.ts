/** Queries of the gateway for TanStack Query. */
import type { PosternDocument } from '@postern/client';
import { queryOptions } from '@tanstack/react-query';
import { client } from '../session/client.ts';

/** @param name the first part of the key in the cache: `users`, so that a change can refetch all lists of users */
export function operation<Result, Variables extends object>(
  name: string,
  document: PosternDocument<Result, Variables>,
  variables: Variables,
) {
  return queryOptions({
    queryKey: [name, String(document), variables],
    queryFn: ({ signal }) => client.request(document, variables, { signal }),
  });
}
