/** The active sessions of a user. */
import { deviceOf } from '@postern/react/timeline';
import { Button, Chip, EmptyState, Icon, Time } from '@postern/react/ui';
import Laptop from 'lucide-react/icons/laptop';
import Smartphone from 'lucide-react/icons/smartphone';
import type { UserDetailFragment } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { nameOf, useViewer } from '../../session/viewer.ts';
import { actionsFor } from '../../user-actions/rules.ts';
import { useUserAction } from '../../user-actions/use-user-action.tsx';
import { RiskChip, SessionPlace, SessionSignals } from './session-risk.tsx';

type UserSession = UserDetailFragment['sessions']['nodes'][number];

export function UserSessions({ user }: { user: UserDetailFragment }) {
  const { user: texts } = useMessages();
  const { nodes, totalCount } = user.sessions;
  return (
    <section className="panel">
      <header>
        <h2>{texts.sessions}</h2>
        <EndSessions user={user} />
      </header>
      {nodes.length === 0 ? (
        <EmptyState icon={Laptop} title={texts.noSessions}>
          {texts.noSessionsHint(nameOf(user))}
        </EmptyState>
      ) : (
        <ul className="rows">
          {nodes.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </ul>
      )}
      {totalCount > nodes.length && <p className="table-foot">{texts.newestSessions(nodes.length)}</p>}
    </section>
  );
}

function EndSessions({ user }: { user: UserDetailFragment }) {
  const { actions: texts } = useMessages();
  const { open, dialog } = useUserAction(user.id);
  const { actions } = actionsFor(user, useViewer());
  if (user.sessions.totalCount === 0 || !actions.includes('endSessions')) return null;
  return (
    <>
      <Button kind="danger" size="small" onClick={() => open('endSessions')}>
        {texts.endSessions.label()}
      </Button>
      {dialog}
    </>
  );
}

function SessionRow({ session }: { session: UserSession }) {
  const { user: texts } = useMessages();
  const { deviceName, userAgent } = session;
  const name = deviceName ?? (userAgent === null ? null : deviceOf(userAgent, texts.on));
  const isPhone = /\b(?:iPhone|Android|Mobile)\b/.test(userAgent ?? '');
  const Glyph = isPhone ? Smartphone : Laptop;
  return (
    <li>
      <span className="glyph">
        <Icon of={Glyph} size={18} />
      </span>
      <div>
        <p className="row-title" title={session.userAgent ?? undefined}>
          <bdi>{name ?? texts.unknownClient}</bdi>
          {session.assurance === 'AAL2' ? <Chip kind="ok">{texts.twoFactors}</Chip> : <Chip>{texts.oneFactor}</Chip>}
          {session.current && <Chip kind="accent">{texts.thisSession}</Chip>}
          <RiskChip risk={session.risk} />
        </p>
        <p className="row-sub">
          <span className="dots">
            {session.ipAddress !== null && <span>{session.ipAddress}</span>}
            <SessionPlace location={session.location} />
            <span>
              {texts.active} <Time at={session.lastUsedAt} />
            </span>
            <span>
              {texts.since} <Time at={session.createdAt} />
            </span>
          </span>
        </p>
        <SessionSignals risk={session.risk} />
      </div>
    </li>
  );
}
