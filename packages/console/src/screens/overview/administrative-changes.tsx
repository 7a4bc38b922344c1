/** The newest changes that administrators made, as sentences. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { operation } from '../../data/operation.ts';
import { AuditEntriesDocument } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { EntryTimeline } from '../../parts/entry-timeline.tsx';
import { Failure } from '../../states/failure.tsx';

const actions = [
  'user.created',
  'user.role_changed',
  'user.suspended',
  'user.reactivated',
  'user.deleted',
  'user.restored',
  'user.mfa_reset',
  'user.sessions_revoked',
  'user.link_sent',
  'account.unlocked',
  'role.created',
  'role.updated',
  'role.deleted',
  'signing_key.rotated',
  'administration.refused',
];

export function AdministrativeChanges() {
  const { overview, pages } = useMessages();
  const query = useQuery(operation('audit-changes', AuditEntriesDocument, { first: 5, where: { actions } }));
  const entries = query.data?.auditEntries.nodes;
  if (!entries) return query.error ? <Failure query={query} /> : <div className="timeline skeleton-chart" />;
  return (
    <EntryTimeline
      entries={entries}
      label={overview.changes}
      title={
        <>
          <span>{overview.changes}</span>
          <Link to="/audit">{pages.audit}</Link>
        </>
      }
      search={{}}
    />
  );
}
