/** Mails codes to a known user: for the second step of a sign-in, and inside a session. */

import type { CodeOccasion } from '../../persistence/sign-in/code-flows.ts';
import { endFlows } from '../../persistence/sign-in/code-flows.ts';
import { keyedHash } from '../../security/keys/keyed-hash.ts';
import { quarterHour } from '../attempts/counters.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import type { LockedUser } from '../locked-user.ts';
import { maskedAddress } from '../text/masked-address.ts';
import type { Transaction } from '../transaction.ts';
import { type BegunCode, begunCode, mintFlow } from './code-flows.ts';
import type { FactorDeps } from './deps.ts';

/** The code replaces the earlier one of the occasion. When its mail is withheld, the earlier one stays valid. */
export async function mailCode(
  deps: FactorDeps,
  { tx, now, audit, mail }: Transaction,
  { client }: Caller,
  { id: userId, email, locale }: LockedUser,
  purpose: Omit<CodeOccasion, 'channel'>,
): Promise<BegunCode | Refusal> {
  const occasion = { channel: 'EMAIL', ...purpose } as const;
  const minted = mintFlow(deps, now, { ...occasion, address: email, challenge: null });
  const variables = { code: minted.code, requestedAt: now.toISOString(), ipAddress: client.ipAddress };
  const isSent = await mail({ kind: 'second_step_code', to: email, locale, variables });
  audit({
    action: 'code.requested',
    actorId: userId,
    target: { type: 'user', id: userId },
    details: {
      addressHash: keyedHash(deps.keyRing, email).toString('base64url'),
      ...{ channel: 'EMAIL', purpose: purpose.purpose, result: isSent ? 'sent' : 'withheld' },
    },
  });
  if (!isSent) return new Refusal('RATE_LIMITED', { retryAfterSeconds: quarterHour });
  await endFlows(tx, { ...occasion, userId });
  await minted.store(tx, userId);
  return begunCode(minted, 'EMAIL', maskedAddress(email));
}
