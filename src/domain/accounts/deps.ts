/** What accounts need: what their passwords, factors and sessions need, and the settings of registration and deletion. */
import type { KeyedQueue } from '../keyed-queue.ts';
import type { PasswordDeps } from '../passwords/deps.ts';
import type { DomainSettings } from '../settings.ts';

export interface AccountDeps extends PasswordDeps {
  settings: PasswordDeps['settings'] & Pick<DomainSettings, 'emailVerification' | 'softDeleteRetentionSeconds'>;
  addressQueue: KeyedQueue;
}
