/** One button for each provider of the gateway. Nothing without providers. */
import type { VisitOptions } from '@postern/client';
import { type Provider, useProviders } from '../account/use-identities.ts';
import { useSignIn } from '../sign-in/use-sign-in.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';

export interface ProviderButtonsProps {
  className?: string | undefined;
  /** Default: starts a sign-in. */
  onPick?: ((provider: Provider) => void) | undefined;
  /** For the sign-in: `returnTo` is the address of the page with `ProviderReturn`. */
  visit?: VisitOptions | undefined;
}

export function ProviderButtons({ className, onPick, visit }: ProviderButtonsProps) {
  const { value: providers } = useProviders();
  const signIn = useSignIn();
  if (!providers || providers.length === 0) return null;
  const pick = (provider: Provider) => {
    if (onPick) onPick(provider);
    else if (signIn.step === 'credentials') void signIn.withProvider(provider.id, visit);
  };
  return (
    <div className={classes(providers.length > 1 ? 'split' : 'stack-8', className)} data-part="provider-buttons">
      {providers.map((provider) => (
        <Button key={provider.id} size="large" onClick={() => pick(provider)}>
          <ProviderMark provider={provider} />
          <span className="cut">{provider.displayName}</span>
        </Button>
      ))}
    </div>
  );
}

/** The mark of the provider. The policy of the pages admits images of the own origin and `data:` only. */
export function ProviderMark({ provider }: { provider: Pick<Provider, 'displayName' | 'iconUrl'> }) {
  const { displayName, iconUrl } = provider;
  if (iconUrl !== null && isOwn(iconUrl)) return <img className="mark" src={iconUrl} alt="" />;
  return (
    <span className="monogram" aria-hidden="true">
      {[...displayName][0]}
    </span>
  );
}

function isOwn(url: string): boolean {
  if (url.startsWith('data:image/')) return true;
  return URL.canParse(url, location.href) && new URL(url, location.href).origin === location.origin;
}
