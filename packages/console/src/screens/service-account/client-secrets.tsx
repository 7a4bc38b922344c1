/** The client secrets of a service account: lists, creates and revokes them. */
import { Button, CopyOnce, EmptyState, Icon, ReasonDialog } from '@postern/react/ui';
import KeyRound from 'lucide-react/icons/key-round';
import Plus from 'lucide-react/icons/plus';
import { useState } from 'react';
import { RevokeClientSecretDocument, type ServiceAccountDetailFragment } from '../../generated/operations.ts';
import { useServiceAccountTexts } from '../../messages/service-accounts/texts.ts';
import { ShortTime } from '../../parts/short-time.tsx';
import { client } from '../../session/client.ts';
import { CreateClientSecret } from './create-client-secret.tsx';
import type { ServiceAccountPartProps } from './rules.ts';
import { useServiceAccountChanges } from './use-service-account-changes.ts';

type ClientSecret = ServiceAccountDetailFragment['clientSecrets'][number];

export function ClientSecrets({ account: { id, clientSecrets }, rights }: ServiceAccountPartProps) {
  const texts = useServiceAccountTexts();
  const [isCreating, setCreating] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [revoking, setRevoking] = useState<ClientSecret | null>(null);
  return (
    <section className="panel">
      <header>
        <div>
          <h2>{texts.secrets}</h2>
          <p>{texts.secretsHint}</p>
        </div>
        {rights.mayIssue && (
          <Button size="small" icon={Plus} onClick={() => setCreating(true)}>
            {texts.createSecret}
          </Button>
        )}
      </header>
      {clientSecrets.length === 0 ? (
        <EmptyState icon={KeyRound} title={texts.noSecrets} />
      ) : (
        <ul className="rows">
          {clientSecrets.map((one) => (
            <SecretRow key={one.id} secret={one} revoke={rights.mayRevoke ? () => setRevoking(one) : null} />
          ))}
        </ul>
      )}
      {isCreating && (
        <CreateClientSecret serviceAccountId={id} onCreated={setSecret} onClose={() => setCreating(false)} />
      )}
      {secret !== null && (
        <CopyOnce
          title={texts.saveTitle}
          lead={texts.saveLead}
          secrets={[secret]}
          fileName={texts.fileName}
          saved={texts.saved}
          onDone={() => setSecret(null)}
        />
      )}
      {revoking && <RevokeClientSecret secret={revoking} onClose={() => setRevoking(null)} />}
    </section>
  );
}

function SecretRow({ secret, revoke }: { secret: ClientSecret; revoke: (() => void) | null }) {
  const texts = useServiceAccountTexts();
  const { hint, createdAt, expiresAt } = secret;
  return (
    <li>
      <span className="glyph">
        <Icon of={KeyRound} size={18} />
      </span>
      <div>
        <p className="row-title mono">{hint}</p>
        <p className="row-sub">
          <span className="dots">
            <span>
              {texts.createdOn} <ShortTime at={createdAt} form="date" />
            </span>
            <span>
              {expiresAt === null ? (
                texts.noExpiry
              ) : (
                <>
                  {texts.expires} <ShortTime at={expiresAt} form="date" />
                </>
              )}
            </span>
          </span>
        </p>
      </div>
      {revoke && (
        <div className="actions">
          <Button size="small" aria-label={texts.revokeSecretOf(hint)} onClick={revoke}>
            {texts.revokeSecret}
          </Button>
        </div>
      )}
    </li>
  );
}

function RevokeClientSecret({ secret: { id, hint }, onClose }: { secret: ClientSecret; onClose: () => void }) {
  const texts = useServiceAccountTexts();
  const { change } = useServiceAccountChanges();
  return (
    <ReasonDialog
      title={texts.revokeSecretTitle(hint)}
      lead={texts.revokeSecretLead}
      action={texts.revokeSecretAction}
      danger
      reason="none"
      confirm={() => change(() => client.request(RevokeClientSecretDocument, { input: { id } }))}
      onClose={onClose}
    />
  );
}
