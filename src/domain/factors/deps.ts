/** What second factors need: sealed secrets, and the site that passkeys belong to. */
import type { Sealer } from '../../security/keys/sealing.ts';
import type { AttemptDeps } from '../attempts/deps.ts';
import type { SessionDeps } from '../sessions/deps.ts';
import type { DomainSettings } from '../settings.ts';

export interface FactorDeps extends AttemptDeps, SessionDeps {
  settings: AttemptDeps['settings'] &
    SessionDeps['settings'] &
    Pick<DomainSettings, 'productName' | 'passkeys' | 'signInMethods' | 'federation'>;
  sealer: Sealer;
}
