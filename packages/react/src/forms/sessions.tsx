/** The sessions of the user: ends one, or all others. */
import type { DeviceSessionFragment } from '@postern/client';
import { useState } from 'react';
import { useSessions } from '../account/use-sessions.ts';
import { useAction } from '../loading/use-action.ts';
import { english } from '../messages/en/sessions.tsx';
import { useLanguage } from '../messages/messages-context.ts';
import { useTexts } from '../messages/use-texts.ts';
import { useSignOut } from '../session/use-session.ts';
import { Button } from '../ui/button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { LoadFailure } from '../ui/load-failure.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { Panel } from '../ui/panel.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import type { FormPartProps } from './form-parts.tsx';
import { SessionRow } from './session-row.tsx';

export interface SessionsProps extends FormPartProps<'sessions'> {
  /** After other sessions were ended. */
  onDone?: ((endedCount: number) => void) | undefined;
}

export function Sessions({ className, messages: own, level, onDone }: SessionsProps) {
  const texts = useTexts('sessions', english, own);
  const { messages } = useLanguage();
  const { sessions, error, reload, hasMore, loadMore, moreError, end, endOthers } = useSessions();
  const { signOut } = useSignOut();
  const [isAsking, setAsking] = useState(false);
  const ending = useAction(async ({ id, current }: DeviceSessionFragment) => (current ? signOut() : end(id)));
  const here = sessions?.filter(({ current }) => current) ?? [];
  const others = sessions?.filter(({ current }) => !current) ?? [];
  const row = (session: DeviceSessionFragment) => (
    <SessionRow key={session.id} session={session} texts={texts} end={() => ending.run(session)} />
  );
  const endAll = others.length > 0 && (
    <Button kind="danger" onClick={() => setAsking(true)}>
      {texts.endOthers}
    </Button>
  );
  return (
    <div className={className} data-part="sessions">
      <PageHead title={texts.title} lead={texts.lead} level={level} action={endAll} />
      {error !== null && <LoadFailure error={error} retry={reload} />}
      {ending.error !== null && <ErrorSummary error={ending.error} />}
      {sessions === null && error === null && <Skeleton shape="rows" />}
      {here.length > 0 && (
        <Panel title={texts.thisDevice} isTitleHidden>
          <ul className="rows">{here.map(row)}</ul>
        </Panel>
      )}
      {sessions !== null && (
        <Panel
          title={texts.otherDevices}
          action={<span className="subtle num">{hasMore ? `${others.length}+` : others.length}</span>}
        >
          {others.length === 0 ? (
            <p className="panel-text">{texts.noOther}</p>
          ) : (
            <ul className="rows">{others.map(row)}</ul>
          )}
        </Panel>
      )}
      {moreError !== null && <LoadFailure error={moreError} retry={loadMore} />}
      {hasMore && <Button onClick={loadMore}>{messages.ui.loadMore}</Button>}
      <p className="hint foot">{texts.footnote}</p>
      {isAsking && (
        <ReasonDialog
          title={texts.endOthersTitle}
          lead={texts.endOthersLead}
          action={texts.endOthers}
          danger
          reason="none"
          confirm={async () => onDone?.(await endOthers())}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
