/** The security events of the user, as sentences. */
import { useActivity, useLanguage, useSession } from '@postern/react';
import { Timeline } from '@postern/react/timeline';
import { Button, EmptyState, LoadFailure, PageHead, Skeleton } from '@postern/react/ui';
import History from 'lucide-react/icons/history';
import { usePageLanguage } from '../messages/languages.ts';

export default function ActivityScreen() {
  const { activity } = useLanguage().messages;
  const { name } = usePageLanguage();
  const { viewer } = useSession();
  const { events, error, reload, hasMore, loadMore, moreError } = useActivity();
  return (
    <>
      <PageHead title={activity.title} lead={activity.lead} />
      {error !== null && <LoadFailure error={error} retry={reload} />}
      {events === null && error === null && <Skeleton shape="rows" count={8} />}
      {events?.length === 0 && <EmptyState icon={History} title={activity.empty} />}
      {events !== null && events.length > 0 && (
        <Timeline entries={events} label={activity.title} locale={name} {...(viewer && { viewerId: viewer.id })}>
          {moreError !== null && <LoadFailure error={moreError} retry={loadMore} />}
          {hasMore && <Button onClick={loadMore}>{activity.older}</Button>}
        </Timeline>
      )}
    </>
  );
}
