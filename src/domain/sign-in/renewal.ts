/** Gives a session a fresh time of authentication, what it has proven now, and the next refresh token. */
import { LockMode } from '../../persistence/entity-manager.ts';
import { TokenFamily } from '../../persistence/sessions/token-family.ts';
import type { AuthMethod, Viewer } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { Refusal } from '../errors.ts';
import { earlier } from '../sessions/auth-session.ts';
import { type FactorProof, presentProof, provenFactorsOf, recordProof } from '../sessions/factor-proof.ts';
import type { Transaction } from '../transaction.ts';

export interface Renewal {
  /** The generation of the refresh token when the request began. */
  generation: number;
  /** Methods that are no second factor. */
  methods: readonly AuthMethod[];
  factors: readonly FactorProof[];
}

/** Under the lock of the user. @returns a refusal when the session was revoked in the meantime */
export async function renewAuthentication(
  { tx, now, audit }: Transaction,
  viewer: Viewer,
  renewal: Renewal,
): Promise<Refusal | undefined> {
  const { methods, factors } = renewal;
  const living = { id: viewer.session.id, revokedAt: null, expiresAt: { $gt: now } };
  const family = await tx.findOne(TokenFamily, living, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!family) return revoked();
  rotate(family, renewal, now);
  family.authenticatedAt = now;
  family.methods = [...new Set<AuthMethod>([...family.methods, ...methods])];
  for (const factor of factors) recordProof(tx, family, factor);
  const { assurance } = presentProof(provenFactorsOf(family));
  audit({
    action: 'session.reauthenticated',
    target: { type: 'session', id: family.id },
    details: {
      methods: [...methods, ...factors.map(({ method }) => method)],
      assurance,
      generation: family.generation,
    },
  });
  return undefined;
}

/**
 * Rotates the refresh token, unless a parallel request rotated it since this one began (another tab, a double click):
 * both then get the same token.
 */
function rotate(family: TokenFamily, { generation }: Renewal, now: Date): void {
  if (family.generation !== generation) return;
  family.confirmedGeneration ??= family.generation;
  family.generation += 1;
  family.rotatedAt = now;
  family.expiresAt = earlier(secondsAfter(now, family.slidingSeconds), family.absoluteExpiresAt);
}

export function revoked(): Refusal {
  return new Refusal('UNAUTHENTICATED', { reason: 'SESSION_REVOKED' });
}
