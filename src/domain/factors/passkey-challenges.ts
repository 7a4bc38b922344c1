/** What authenticators are asked to sign: random, once, for five minutes, and for the occasion it was asked for. */

import type { EntityManager } from '../../persistence/entity-manager.ts';
import { type ChallengePurpose, PasskeyChallenge } from '../../persistence/factors/passkey-challenge.ts';
import { spendChallenge } from '../../persistence/factors/passkeys.ts';
import { hashMailToken, mintMailToken } from '../../security/tokens/mail-tokens.ts';
import { secondsAfter } from '../clock.ts';
import { newId } from '../ids.ts';
import type { FactorDeps } from './deps.ts';

export interface Occasion {
  purpose: ChallengePurpose;
  /** The id of the session or the ticket; null where there is neither. */
  boundTo: string | null;
}

export interface Challenge {
  /** Base64url. */
  challenge: string;
  expiresAt: Date;
}

const challengeSeconds = 5 * 60;

export async function issueChallenge({ clock }: FactorDeps, em: EntityManager, occasion: Occasion): Promise<Challenge> {
  const createdAt = clock.now();
  const { token: challenge, tokenHash: challengeHash } = mintMailToken();
  const expiresAt = secondsAfter(createdAt, challengeSeconds);
  await em.insert(PasskeyChallenge, { id: newId(createdAt), challengeHash, ...occasion, createdAt, expiresAt });
  return { challenge, expiresAt };
}

/** In the transaction of what the signature permits. @returns whether it was open, and for this occasion */
export async function redeemChallenge(
  { clock }: FactorDeps,
  tx: EntityManager,
  challenge: string,
  occasion: Occasion,
): Promise<boolean> {
  const challengeHash = hashMailToken(challenge);
  return challengeHash !== null && spendChallenge(tx, { challengeHash, ...occasion, now: clock.now() });
}
