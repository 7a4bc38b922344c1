/** The second factors and the linked providers of a user. The gateway does not say whether there is a password. */
import { Icon } from '@postern/react/ui';
import FingerprintPattern from 'lucide-react/icons/fingerprint-pattern';
import Link2 from 'lucide-react/icons/link-2';
import ShieldOff from 'lucide-react/icons/shield-off';
import Smartphone from 'lucide-react/icons/smartphone';
import type { ReactNode } from 'react';
import type { UserDetailFragment } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { ShortTime } from '../../parts/short-time.tsx';

export function SignInMethods({ user: { mfa, identities } }: { user: UserDetailFragment }) {
  const { user: texts, factors } = useMessages();
  const hasNone = !mfa.enabled && identities.length === 0;
  return (
    <section className="panel">
      <header>
        <h2>{texts.methods}</h2>
      </header>
      {hasNone ? (
        <ul className="rows">
          <Method icon={ShieldOff} title={texts.noFactor} detail={texts.noProvider} />
        </ul>
      ) : (
        <ul className="rows">
          {mfa.methods.includes('PASSKEY') && (
            <Method icon={FingerprintPattern} title={factors.PASSKEY} detail={texts.secondFactor} />
          )}
          {mfa.methods.includes('TOTP') && (
            <Method icon={Smartphone} title={texts.app} detail={texts.backupCodes(mfa.backupCodesRemaining)} />
          )}
          {identities.map(({ id, provider, email, linkedAt, subjectHint }) => (
            <Method
              key={id}
              icon={Link2}
              title={provider.displayName}
              detail={
                <span className="dots">
                  <bdi>{email ?? subjectHint}</bdi>
                  <span>
                    {texts.linked} <ShortTime at={linkedAt} form="date" />
                  </span>
                </span>
              }
            />
          ))}
        </ul>
      )}
    </section>
  );
}

interface MethodProps {
  icon: typeof Link2;
  title: string;
  detail: ReactNode;
}

function Method({ icon, title, detail }: MethodProps) {
  return (
    <li>
      <span className="glyph">
        <Icon of={icon} size={18} />
      </span>
      <div>
        <p className="row-title">
          <bdi>{title}</bdi>
        </p>
        <p className="row-sub">{detail}</p>
      </div>
    </li>
  );
}
