/** The facts of an account. */
import { CopyButton } from '@postern/react/ui';
import type { ReactNode } from 'react';
import type { UserDetailFragment } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { ShortTime } from '../../parts/short-time.tsx';

export function AccountFacts({ user }: { user: UserDetailFragment }) {
  const { user: texts, users } = useMessages();
  const { lastLoginAt, createdAt, deletedAt, emailVerified, lockedUntil, id } = user;
  return (
    <section className="panel">
      <header>
        <h2>{texts.account}</h2>
      </header>
      <div className="plainfacts">
        <dl className="facts">
          <Fact name={users.lastSignIn}>{lastLoginAt === null ? users.never : <ShortTime at={lastLoginAt} />}</Fact>
          <Fact name={users.created}>
            <ShortTime at={createdAt} form="date" />
          </Fact>
          {deletedAt !== null && (
            <Fact name={texts.deletedAt}>
              <ShortTime at={deletedAt} />
            </Fact>
          )}
          <Fact name={texts.email}>{emailVerified ? texts.confirmed : texts.unconfirmed}</Fact>
          <Fact name={texts.locked}>
            {lockedUntil === null ? (
              texts.no
            ) : (
              <>
                {texts.until} <ShortTime at={lockedUntil} />
              </>
            )}
          </Fact>
          <Fact name={texts.id} isWith>
            <span className="mono">{`${id.slice(0, 8)}…${id.slice(-4)}`}</span>
            <CopyButton text={id} name={texts.id} />
          </Fact>
        </dl>
      </div>
    </section>
  );
}

function Fact({ name, isWith = false, children }: { name: string; isWith?: boolean; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={isWith ? 'with' : undefined}>{children}</dd>
    </>
  );
}
