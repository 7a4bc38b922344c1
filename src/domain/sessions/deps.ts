/** What sessions need: their tokens, the keys that sign them, and how long they are valid. */
import type { Rotations } from '../../persistence/sessions/rotate-family.ts';
import type { TokenStates } from '../../persistence/sessions/session-state.ts';
import type { CsrfTokens } from '../../security/tokens/csrf-token.ts';
import type { DeviceTokens } from '../../security/tokens/device-token.ts';
import type { RefreshTokens } from '../../security/tokens/refresh-token.ts';
import type { VerifiedTokens } from '../../security/tokens/verified-tokens.ts';
import type { Hooks } from '../hooks/hooks.ts';
import type { RiskDeps } from '../risk/deps.ts';
import type { DomainSettings } from '../settings.ts';
import type { Confirmations } from './confirmations.ts';
import type { SigningKeys } from './signing-keys/signing-keys.ts';

export interface SessionDeps extends RiskDeps {
  settings: RiskDeps['settings'] &
    Pick<
      DomainSettings,
      | 'issuer'
      | 'accessTokenTtlSeconds'
      | 'refreshTokenTtlSeconds'
      | 'refreshGraceSeconds'
      | 'reauthWindowSeconds'
      | 'mfaRequiredFor'
      | 'adminIpAllowlist'
      | 'sms'
    >;
  signingKeys: SigningKeys;
  accessTokens: VerifiedTokens;
  tokenStates: TokenStates;
  rotations: Rotations;
  refreshTokens: RefreshTokens;
  deviceTokens: DeviceTokens;
  csrfTokens: CsrfTokens;
  confirmations: Pick<Confirmations, 'note'>;
  hooks: Hooks;
}
