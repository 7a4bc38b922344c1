/** What choosing and replacing passwords needs. */
import type { DomainSettings } from '../settings.ts';
import type { SignInDeps } from '../sign-in/deps.ts';

export interface PasswordDeps extends SignInDeps {
  settings: SignInDeps['settings'] & Pick<DomainSettings, 'passwordPolicy'>;
}
