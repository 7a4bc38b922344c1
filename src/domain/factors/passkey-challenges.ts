/** Challenges that authenticators sign: random, valid once, for five minutes, and for one occasion. */
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { type ChallengePurpose, PasskeyChallenge } from '../../persistence/factors/passkey-challenge.ts';
import { spendChallenge } from '../../persistence/factors/passkeys.ts';
import { hashMailToken, mintMailToken } from '../../security/tokens/mail-tokens.ts';
import { secondsAfter } from '../clock.ts';
import { newId } from '../ids.ts';
import type { Transaction } from '../transaction.ts';

export interface Occasion {
  purpose: ChallengePurpose;
  /** The id of the session or of the ticket; null without either. */
  boundTo: string | null;
}

export interface Challenge {
  /** Base64url. */
  challenge: string;
  expiresAt: Date;
}

const challengeSeconds = 5 * 60;

export async function issueChallenge(em: EntityManager, createdAt: Date, occasion: Occasion): Promise<Challenge> {
  const { token: challenge, tokenHash: challengeHash } = mintMailToken();
  const expiresAt = secondsAfter(createdAt, challengeSeconds);
  await em.insert(PasskeyChallenge, { id: newId(createdAt), challengeHash, ...occasion, createdAt, expiresAt });
  return { challenge, expiresAt };
}

/**
 * Spends the challenge, in the transaction of what its signature permits.
 * @returns false for challenges that are unknown, expired, spent or of another occasion
 */
export async function redeemChallenge(
  { tx, now }: Transaction,
  challenge: string,
  occasion: Occasion,
): Promise<boolean> {
  const challengeHash = hashMailToken(challenge);
  return challengeHash !== null && spendChallenge(tx, { challengeHash, ...occasion, now });
}
