/** What signing in needs. */
import type { PasswordHasher } from '../../security/passwords/password-hash.ts';
import type { IdentityDeps } from '../identities/deps.ts';

export interface SignInDeps extends IdentityDeps {
  hasher: PasswordHasher;
}
