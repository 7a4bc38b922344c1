/** The facts of a service account: its client id, and what its role allows. */
import { CopyButton } from '@postern/react/ui';
import type { ServiceAccountDetailFragment } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { useServiceAccountTexts } from '../../messages/service-accounts/texts.ts';
import { ShortTime } from '../../parts/short-time.tsx';

export function ServiceAccountFacts({ account }: { account: ServiceAccountDetailFragment }) {
  const texts = useServiceAccountTexts();
  const { users } = useMessages();
  const { id, createdAt, role } = account;
  return (
    <>
      <section className="panel">
        <header>
          <h2>{texts.facts}</h2>
        </header>
        <div className="plainfacts">
          <dl className="facts">
            <dt>{texts.clientId}</dt>
            <dd className="with">
              <span className="mono">{`${id.slice(0, 8)}…${id.slice(-4)}`}</span>
              <CopyButton text={id} name={texts.clientId} />
            </dd>
            <dt>{texts.role}</dt>
            <dd className="mono">{role.name}</dd>
            <dt>{users.created}</dt>
            <dd>
              <ShortTime at={createdAt} form="date" />
            </dd>
          </dl>
        </div>
      </section>
      <section className="panel">
        <header>
          <h2>{texts.permissions}</h2>
        </header>
        {role.permissions.length === 0 ? (
          <p className="panel-text">{texts.noPermissions}</p>
        ) : (
          <ul className="panel-text mono">
            {role.permissions.map((permission) => (
              <li key={permission}>{permission}</li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}
