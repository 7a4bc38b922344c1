/** The accounts at providers that sign the user in. */
import type { OwnIdentityFragment } from '@postern/client';
import Link from 'lucide-react/icons/link';
import { useState } from 'react';
import { useIdentities, useProviders } from '../account/use-identities.ts';
import { useAction } from '../loading/use-action.ts';
import { english } from '../messages/en/identities.tsx';
import type { FormMessages } from '../messages/messages.ts';
import { useTexts } from '../messages/use-texts.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { LoadFailure } from '../ui/load-failure.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { Dots, Panel, Row } from '../ui/panel.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { Time } from '../ui/time.tsx';
import type { FormPartProps } from './form-parts.tsx';
import { ProviderMark } from './provider-buttons.tsx';

export interface IdentitiesProps extends FormPartProps<'identities'> {
  /** After an account was unlinked. */
  onDone?: (() => void) | undefined;
  /** The address of the page with `ProviderReturn`. It has to be in RETURN_URLS. Default: this page. */
  returnTo?: string | undefined;
}

export function Identities({ className, messages, level, onDone, returnTo }: IdentitiesProps) {
  const texts = useTexts('identities', english, messages);
  const { identities, error, reload, link, unlink } = useIdentities();
  const { value: providers } = useProviders();
  const [unlinking, setUnlinking] = useState<OwnIdentityFragment | null>(null);
  const linking = useAction((providerId: string) => link(providerId, returnTo === undefined ? {} : { returnTo }));
  const removeOne = async (id: string) => {
    await unlink(id);
    onDone?.();
  };
  return (
    <div className={className} data-part="identities">
      <PageHead title={texts.title} lead={texts.lead} level={level} />
      {error !== null && <LoadFailure error={error} retry={reload} />}
      {linking.error !== null && <ErrorSummary error={linking.error} />}
      <Panel title={texts.title} isTitleHidden>
        {identities === null && error === null && <Skeleton shape="rows" count={2} />}
        {identities?.length === 0 && (
          <EmptyState icon={Link} title={texts.empty}>
            {texts.emptyLead}
          </EmptyState>
        )}
        {identities !== null && identities.length > 0 && (
          <ul className="rows">
            {identities.map((identity) => (
              <IdentityRow key={identity.id} identity={identity} texts={texts} unlink={() => setUnlinking(identity)} />
            ))}
          </ul>
        )}
      </Panel>
      {providers?.length === 0 && <p className="hint foot">{texts.noProviders}</p>}
      {providers !== null && providers.length > 0 && (
        <Panel title={texts.add}>
          <div className="panel-text actions">
            {providers.map((provider) => (
              <Button key={provider.id} onClick={() => linking.run(provider.id)}>
                <ProviderMark provider={provider} />
                <span className="cut">{texts.link(provider.displayName)}</span>
              </Button>
            ))}
          </div>
        </Panel>
      )}
      {unlinking && (
        <ReasonDialog
          title={texts.unlinkTitle(unlinking.provider.displayName)}
          lead={texts.unlinkLead}
          action={texts.unlink}
          danger
          reason="none"
          errorTexts={{ CONFLICT: texts.lastWayIn }}
          confirm={() => removeOne(unlinking.id)}
          onClose={() => setUnlinking(null)}
        />
      )}
    </div>
  );
}

interface IdentityRowProps {
  identity: OwnIdentityFragment;
  texts: FormMessages['identities'];
  unlink: () => void;
}

function IdentityRow({ identity, texts, unlink }: IdentityRowProps) {
  const { provider, email, subjectHint, linkedAt, lastUsedAt } = identity;
  const action = (
    <Button size="small" aria-label={texts.unlinkOne(provider.displayName)} onClick={unlink}>
      {texts.unlink}
    </Button>
  );
  return (
    <Row icon={Link} title={<bdi>{provider.displayName}</bdi>} actions={action}>
      <Dots>
        <bdi>{email ?? `…${subjectHint}`}</bdi>
        {lastUsedAt !== null && <span>{texts.lastUsed(<Time at={lastUsedAt} />)}</span>}
        <span>{texts.linked(<Time at={linkedAt} />)}</span>
      </Dots>
    </Row>
  );
}
