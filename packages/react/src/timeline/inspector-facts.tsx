/** The facts of an entry: its actor, its target, and the address and device of the request. */
import type { ReactNode } from 'react';
import { Chip } from '../ui/chip.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { isKnownAction } from './actions.ts';
import type { TimelineEntry } from './entry.ts';
import { useTimelineLanguage } from './language.ts';
import { clientOf } from './notes.ts';

export interface FactLinks {
  /** A link to a user. Without it, names are plain text. */
  renderPerson?: ((id: string, name: ReactNode) => ReactNode) | undefined;
  /** Shows all entries from this address. */
  onFilterAddress?: ((address: string) => void) | undefined;
}

export function Facts({ entry, renderPerson, onFilterAddress }: FactLinks & { entry: TimelineEntry }) {
  const { messages } = useTimelineLanguage();
  const { inspector } = messages;
  const { actor, target, ipAddress, userAgent, sessionId, requestId } = entry;
  const person = (id: string, name: ReactNode) => renderPerson?.(id, name) ?? name;
  // The gateway wrote an address: without it, the account and its personal data were erased.
  const isErased = actor === null && ipAddress === null && sessionId !== null;
  return (
    <dl className="facts">
      {actor && (
        <Fact name={inspector.by}>
          {person(actor.id, <bdi>{actor.displayName ?? entry.actorLabel ?? actor.id}</bdi>)}{' '}
          {actor.displayName && entry.actorLabel && <bdi className="subtle">{entry.actorLabel}</bdi>}
        </Fact>
      )}
      {target && (
        <Fact name={inspector.on}>
          {target.user ? (
            <>
              {person(target.user.id, <bdi>{target.user.displayName ?? target.label ?? target.user.id}</bdi>)}{' '}
              {target.user.displayName && target.label && <bdi className="subtle">{target.label}</bdi>}
            </>
          ) : (
            <bdi className="mono">{target.id}</bdi>
          )}
        </Fact>
      )}
      {(ipAddress ?? isErased) && (
        <Fact name={inspector.address} copy={ipAddress} thing={inspector.things.address}>
          {ipAddress ? <span className="mono">{ipAddress}</span> : inspector.removed}
          {ipAddress && onFilterAddress && (
            <button type="button" className="link-button" onClick={() => onFilterAddress(ipAddress)}>
              {inspector.filterAddress}
            </button>
          )}
        </Fact>
      )}
      {(userAgent ?? isErased) && (
        <Fact name={inspector.device}>
          {userAgent ? <bdi title={userAgent}>{clientOf(entry, messages)}</bdi> : inspector.removed}
        </Fact>
      )}
      {sessionId && (
        <Fact name={inspector.session} copy={sessionId} thing={inspector.things.session}>
          <span className="mono" title={sessionId}>
            {shortened(sessionId, 8, 4)}
          </span>
        </Fact>
      )}
      {requestId && (
        <Fact name={inspector.requestId} copy={requestId} thing={inspector.things.request}>
          <bdi className="mono" title={requestId}>
            {requestId.length > 24 ? shortened(requestId, 18, 4) : requestId}
          </bdi>
        </Fact>
      )}
      <Fact name={inspector.action}>
        <span className="mono">{entry.action}</span>
      </Fact>
      <Fact name={inspector.outcome}>
        <Chip kind={entry.outcome === 'SUCCESS' ? 'ok' : 'danger'}>{inspector.outcomes[entry.outcome]}</Chip>
      </Fact>
      {!isKnownAction(entry.action) && (
        <Fact name={inspector.details}>
          <pre className="raw">{JSON.stringify(entry.details, null, 1)}</pre>
        </Fact>
      )}
    </dl>
  );
}

interface FactProps {
  name: string;
  children: ReactNode;
  copy?: string | null;
  thing?: string;
}

function Fact({ name, children, copy = null, thing }: FactProps) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={copy ? 'with' : undefined}>
        {copy ? <span>{children}</span> : children}
        {copy && <CopyButton text={copy} name={thing} />}
      </dd>
    </>
  );
}

export function shortened(text: string, start: number, end: number): string {
  return text.length <= start + end + 1 ? text : `${text.slice(0, start)}…${text.slice(-end)}`;
}
