/**
 * The life of a signing key. `next` is published before it signs, for longer than verifiers cache the JWKS; `active`
 * signs; `retired` stays published until the last token that it signed has expired. A revoked key is deleted.
 */
import type { EntityManager } from '../../../persistence/entity-manager.ts';
import { SigningKey } from '../../../persistence/sessions/signing-key.ts';
import type { Sealer } from '../../../security/keys/sealing.ts';
import { generateSigningKey } from '../../../security/keys/signing-keys.ts';
import { operatorClient, recordAudit } from '../../audit/record.ts';
import type { Client } from '../../caller.ts';
import { secondsAfter } from '../../clock.ts';

/** `Cache-Control: max-age` of the JWKS, in seconds. */
export const jwksMaxAgeSeconds = 300;
/** How long a new key is published before it may sign. */
const publishAheadSeconds = 2 * jwksMaxAgeSeconds;

/** Who rotates: an administrator, the operator or the schedule. */
export interface Rotator {
  client: Client;
  actorId?: string;
  sessionId?: string;
  reason?: string | null;
}

export type Rotation = { rotated: true; from: string; to: string } | { rotated: false; possibleAt: Date };

export interface Revocation {
  kid: string;
  state: SigningKey['state'];
  /** The key that signs from now on, when the revoked one signed before. */
  replacedBy: string | null;
}

/** What a change of the keys takes. Its transaction holds the advisory lock of the signing keys. */
export interface KeyChange {
  tx: EntityManager;
  now: Date;
  sealer: Sealer;
}

/** By then every verifier knows a key that was created at this time. */
export function promotableFrom(createdAt: Date): Date {
  return secondsAfter(createdAt, publishAheadSeconds);
}

export async function createMissingKeys(change: KeyChange): Promise<void> {
  const states = (await change.tx.find(SigningKey, { state: ['next', 'active'] })).map(({ state }) => state);
  if (!states.includes('active')) createKey(change, 'active');
  if (!states.includes('next')) createKey(change, 'next');
}

/** @param options `force` promotes a key that not every verifier knows yet */
export async function promoteNextKey(
  change: KeyChange,
  { by: { client, ...by }, force }: { by: Rotator; force: boolean },
): Promise<Rotation> {
  const { tx, now } = change;
  const active = await tx.findOneOrFail(SigningKey, { state: 'active' });
  const next = await tx.findOneOrFail(SigningKey, { state: 'next' });
  const possibleAt = promotableFrom(next.createdAt);
  if (possibleAt > now && !force) return { rotated: false, possibleAt };
  Object.assign(active, { state: 'retired', retiredAt: now });
  await tx.flush();
  await activateNext(change);
  createKey(change, 'next');
  recordAudit(tx, client, now, {
    ...by,
    action: 'signing_key.rotated',
    target: { type: 'signing_key', id: next.kid },
    details: { from: active.kid, to: next.kid },
  });
  return { rotated: true, from: active.kid, to: next.kid };
}

/** @returns null for an unknown key */
export async function deleteKey(change: KeyChange, kid: string): Promise<Revocation | null> {
  const { tx, now } = change;
  const key = await tx.findOne(SigningKey, { kid });
  if (!key) return null;
  const { state } = key;
  tx.remove(key);
  await tx.flush();
  const replacedBy = state === 'active' ? await activateNext(change) : null;
  if (state !== 'retired') createKey(change, 'next');
  recordAudit(tx, operatorClient('command-line'), now, {
    action: 'signing_key.revoked',
    target: { type: 'signing_key', id: kid },
    details: { kid, state, replacedBy },
  });
  return { kid, state, replacedBy };
}

/** @returns the id of the key that signs from now on */
async function activateNext({ tx, now }: KeyChange): Promise<string> {
  const next = await tx.findOneOrFail(SigningKey, { state: 'next' });
  Object.assign(next, { state: 'active', activatedAt: now });
  await tx.flush();
  return next.kid;
}

function createKey({ tx, now, sealer }: KeyChange, state: 'next' | 'active'): void {
  const { kid, publicJwk, privateKey } = generateSigningKey();
  const privateKeySealed = sealer.seal(privateKey, kid);
  const activatedAt = state === 'active' ? now : null;
  tx.persist(
    tx.create(SigningKey, { kid, state, publicJwk, privateKeySealed, createdAt: now, activatedAt, retiredAt: null }),
  );
  recordAudit(tx, operatorClient('signing-keys'), now, {
    action: 'signing_key.created',
    target: { type: 'signing_key', id: kid },
    details: { kid },
  });
}
