/** The audit entries about a user: the newest ones as a panel, or all of them as a tab. */
import { Button } from '@postern/react/ui';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { operation } from '../../data/operation.ts';
import { AuditEntriesOfUserDocument, type UserDetailFragment } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { EntryTimeline } from '../../parts/entry-timeline.tsx';
import { client } from '../../session/client.ts';
import { Failure } from '../../states/failure.tsx';
import { EntrySkeleton } from '../audit/entry-skeleton.tsx';

const newest = 7;
const pageSize = 30;

export function NewestEntries({ user: { id } }: { user: UserDetailFragment }) {
  const { user: texts } = useMessages();
  const query = useQuery(operation('user-entries', AuditEntriesOfUserDocument, { id, first: newest }));
  const entries = query.data?.user?.auditEntries;
  if (!entries) return query.error ? <Failure query={query} /> : <div className="timeline skeleton-chart" />;
  return (
    <EntryTimeline
      entries={entries.nodes}
      label={texts.newestEntries}
      title={
        <>
          <span>{texts.newestEntries}</span>
          <Link to="/users/$id" params={{ id }} search={{ tab: 'audit' }} resetScroll={false}>
            {texts.allEntries(entries.totalCount)}
          </Link>
        </>
      }
      search={{ on: id }}
    />
  );
}

export function UserEntries({ user: { id } }: { user: UserDetailFragment }) {
  const { user: texts, audit, failure } = useMessages();
  const list = useInfiniteQuery({
    queryKey: ['user-entries', 'all', id],
    queryFn: ({ pageParam, signal }) =>
      client.request(AuditEntriesOfUserDocument, { id, first: pageSize, after: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ user }) =>
      user?.auditEntries.pageInfo.hasNextPage ? user.auditEntries.pageInfo.endCursor : undefined,
  });
  if (!list.data) return list.error ? <Failure query={list} /> : <EntrySkeleton />;
  const entries = list.data.pages.flatMap(({ user }) => user?.auditEntries.nodes ?? []);
  const total = list.data.pages[0]?.user?.auditEntries.totalCount ?? entries.length;
  return (
    <EntryTimeline entries={entries} label={texts.audit} title={null} search={{ on: id }}>
      <div className="table-foot">
        <span>{list.isFetchNextPageError ? audit.olderFailed : audit.shown(entries.length, total)}</span>
        {list.hasNextPage && (
          <Button size="small" pending={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {list.isFetchNextPageError ? failure.tryAgain : audit.older}
          </Button>
        )}
      </div>
    </EntryTimeline>
  );
}
