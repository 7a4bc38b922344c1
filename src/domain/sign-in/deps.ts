/** What signing in needs. */
import type { BreachCheck } from '../../outbound/breach-check.ts';
import type { PasswordHasher } from '../../security/passwords/password-hash.ts';
import type { IdentityDeps } from '../identities/deps.ts';
import type { DomainSettings } from '../settings.ts';

export interface SignInDeps extends IdentityDeps {
  settings: IdentityDeps['settings'] & Pick<DomainSettings, 'breachCheckEnabled'>;
  hasher: PasswordHasher;
  breachCheck: BreachCheck;
}
