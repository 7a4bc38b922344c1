/** Signing keys for administrators: their states, and a rotation before it is due. */
import { type Caller, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { promotableFrom } from '../sessions/signing-keys/signing-key-life.ts';
import type { PublishedKey, SigningKeys } from '../sessions/signing-keys/signing-keys.ts';
import { normaliseReason, reasonProblems } from '../text/reason.ts';

interface Deps {
  signingKeys: SigningKeys;
}

export interface ListedKey {
  kid: string;
  state: PublishedKey['state'];
  createdAt: Date;
  activatedAt: Date | null;
  retiredAt: Date | null;
  /** When the next key may sign; null: the key is not the next one. */
  promotableAt: Date | null;
}

export interface KeyRotation {
  keys: ListedKey[];
  promoted: boolean;
  /** When the next rotation is possible. */
  promotableAt: Date | null;
}

/** Oldest first. */
export async function listSigningKeys({ signingKeys }: Deps): Promise<ListedKey[]> {
  return (await signingKeys.list()).map(({ kid, state, createdAt, activatedAt, retiredAt }) => ({
    kid,
    state,
    createdAt,
    activatedAt: activatedAt ?? null,
    retiredAt: retiredAt ?? null,
    promotableAt: state === 'next' ? promotableFrom(createdAt) : null,
  }));
}

/**
 * Promotes the next key, unless it is so new that some verifiers may not know it yet.
 * @throws Refusal UNAUTHENTICATED, BAD_USER_INPUT
 */
export async function rotateSigningKeys(
  deps: Deps,
  caller: Caller,
  request: { reason?: string | null | undefined },
): Promise<KeyRotation> {
  const { id: actorId, session } = viewerOf(caller);
  const reason = normaliseReason(request.reason);
  const fields = reasonProblems(reason);
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  const by = { client: caller.client, actorId, sessionId: session.id, reason };
  const { rotated: promoted } = await deps.signingKeys.rotate({ by });
  const keys = await listSigningKeys(deps);
  return { keys, promoted, promotableAt: keys.find(({ state }) => state === 'next')?.promotableAt ?? null };
}
