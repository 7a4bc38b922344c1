/** What signing in needs. */
import type { PasswordHasher } from '../../security/passwords/password-hash.ts';
import type { FactorDeps } from '../factors/deps.ts';

export interface SignInDeps extends FactorDeps {
  hasher: PasswordHasher;
}
