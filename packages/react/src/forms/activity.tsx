/** What happened to the account, as sentences, newest first. A foreign sign-in can be ended from here. */
import { isPosternError } from '@postern/client';
import History from 'lucide-react/icons/history';
import { type ReactNode, useState } from 'react';
import { useActivity } from '../account/use-activity.ts';
import { english } from '../messages/en/activity.ts';
import { useLanguage } from '../messages/messages-context.ts';
import { useTexts } from '../messages/use-texts.ts';
import { usePosternClient } from '../provider/postern-context.ts';
import { useSession } from '../session/use-session.ts';
import { useStepUp } from '../step-up/use-step-up.ts';
import { timelineLocaleOf } from '../timeline/sentences/sentence-of.ts';
import { Timeline } from '../timeline/timeline.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { LoadFailure } from '../ui/load-failure.tsx';
import { Note } from '../ui/note.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import type { FormPartProps } from './form-parts.tsx';

export interface ActivityProps extends FormPartProps<'activity'> {
  /** After a session was ended. */
  onDone?: (() => void) | undefined;
  /** A link to the page with `ChangePassword`, shown after a session was ended. */
  changePassword?: ReactNode;
}

export function Activity({ className, messages, level, onDone, changePassword }: ActivityProps) {
  const texts = useTexts('activity', english, messages);
  const { locale } = useLanguage();
  const client = usePosternClient();
  const stepUp = useStepUp();
  const { viewer } = useSession();
  const { events, error, reload, hasMore, loadMore, moreError } = useActivity();
  const [foreignId, setForeignId] = useState<string | null>(null);
  const [isEnded, setEnded] = useState(false);
  const end = async (id: string) => {
    await stepUp.run(() => client.revokeSession({ id })).catch(ignoreEnded);
    setEnded(true);
    await reload();
    onDone?.();
  };
  const notMe = (id: string) => {
    const { action, sessionId } = events?.find((event) => event.id === id) ?? {};
    if (action !== 'session.started' || !sessionId || sessionId === client.session.id) return null;
    return (
      <Button size="small" onClick={() => setForeignId(sessionId)}>
        {texts.notMe}
      </Button>
    );
  };
  return (
    <div className={className} data-part="activity">
      <PageHead title={texts.title} lead={texts.lead} level={level} />
      {isEnded && (
        <Note kind="warn" role="status" title={texts.ended} action={changePassword}>
          {texts.endedNext}
        </Note>
      )}
      {error !== null && <LoadFailure error={error} retry={reload} />}
      <div className="panel">
        {events === null && error === null && <Skeleton shape="rows" count={6} />}
        {events?.length === 0 && <EmptyState icon={History} title={texts.empty} />}
        {events !== null && events.length > 0 && (
          <Timeline
            entries={events}
            label={texts.title}
            locale={timelineLocaleOf(locale)}
            viewerId={viewer?.id ?? null}
            actionOf={({ id }) => notMe(id)}
          >
            {moreError !== null && <LoadFailure error={moreError} retry={loadMore} />}
            {hasMore && (
              <div className="panel-text">
                <Button onClick={loadMore}>{texts.older}</Button>
              </div>
            )}
          </Timeline>
        )}
      </div>
      {foreignId !== null && (
        <ReasonDialog
          title={texts.notMeTitle}
          lead={texts.notMeLead}
          action={texts.notMeAction}
          danger
          reason="none"
          confirm={() => end(foreignId)}
          onClose={() => setForeignId(null)}
        />
      )}
    </div>
  );
}

function ignoreEnded(error: unknown): void {
  if (!isPosternError(error, 'NOT_FOUND')) throw error;
}
