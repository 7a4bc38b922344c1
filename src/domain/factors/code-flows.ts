/**
 * Codes that are mailed or sent by SMS: made for one occasion, valid for ten minutes and five comparisons, and used once.
 * A comparison is reserved before it is made, so parallel guesses count as well.
 */
import { linkSeconds } from '../../mail/mail.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { type CodeChannel, CodeFlow } from '../../persistence/sign-in/code-flow.ts';
import {
  type CodeOccasion,
  findByHandle,
  findNewest,
  type OpenFlow,
  reserveComparison,
  useFlow,
} from '../../persistence/sign-in/code-flows.ts';
import type { KeyRing } from '../../security/keys/key-ring.ts';
import type { Sealer } from '../../security/keys/sealing.ts';
import { hashOneTimeCode, isOneTimeCode, newOneTimeCode } from '../../security/one-time-code.ts';
import { hashMailToken, mintMailToken } from '../../security/tokens/mail-tokens.ts';
import { secondsAfter } from '../clock.ts';
import { newId } from '../ids.ts';

export type { CodeChannel };

const codeSeconds = linkSeconds.sign_in_code;
/** Mails and SMS can take a minute; requests in between bring further codes and no faster one. */
const resendAfterSeconds = 60;
const maxComparisons = 5;

interface Keys {
  keyRing: KeyRing;
  sealer: Sealer;
}

export interface NewFlow extends CodeOccasion {
  /** Where the code is sent; null: to the phone. */
  address: string | null;
  phoneId?: string;
  /** S256 of the verifier that the browser keeps; null: no link. */
  challenge: string | null;
}

/** The values that leave the server, and what stores them. */
export interface MintedFlow {
  /** For the caller. */
  flow: string;
  /** For the mailbox or the phone. */
  code: string;
  token: string | null;
  expiresAt: Date;
  /** @param userId null: nobody can use the code */
  store(em: EntityManager, userId: string | null): Promise<void>;
}

/** Nothing is stored yet: whether the code can be sent decides whom it is for. */
export function mintFlow({ keyRing, sealer }: Keys, now: Date, flow: NewFlow): MintedFlow {
  const { address, challenge, channel, purpose, boundTo, phoneId = null } = flow;
  const id = newId(now);
  const handle = mintMailToken();
  const link = challenge === null ? null : mintMailToken();
  const code = newOneTimeCode();
  const expiresAt = secondsAfter(now, codeSeconds);
  const row = {
    ...{ id, flowHash: handle.tokenHash, codeHash: hashOneTimeCode(keyRing, id, code) },
    ...{ tokenHash: link?.tokenHash ?? null, challenge, channel, purpose, boundTo, phoneId },
    addressSealed: address === null ? null : sealer.seal(Buffer.from(address), id),
    ...{ createdAt: now, expiresAt },
  };
  return {
    flow: handle.token,
    code,
    token: link?.token ?? null,
    expiresAt,
    async store(em, userId) {
      await em.insert(CodeFlow, { ...row, user: userId });
    },
  };
}

/** A code on its way, as the API describes it. */
export interface BegunCode {
  flow: string;
  channel: CodeChannel;
  maskedTarget: string;
  expiresAt: Date;
  /** Seconds until another request is worthwhile. */
  resendAfter: number;
}

export function begunCode({ flow, expiresAt }: MintedFlow, channel: CodeChannel, maskedTarget: string): BegunCode {
  return { flow, channel, maskedTarget, expiresAt, resendAfter: resendAfterSeconds };
}

/** @returns null for a handle that is unknown, used, expired or of another occasion */
export async function findFlow(em: EntityManager, handle: string, occasion: CodeOccasion, now: Date) {
  const flowHash = hashMailToken(handle);
  return flowHash && findByHandle(em, { flowHash, ...occasion, now });
}

export function addressOf({ sealer }: Keys, { id, addressSealed }: OpenFlow): string {
  if (addressSealed === null) throw new Error('the code was not mailed');
  return sealer.unseal(addressSealed, id).toString();
}

/** `closed`: the flow is used, expired or out of comparisons. */
export type Comparison = 'right' | 'wrong' | 'closed';

/** @param em outside a transaction, or in one that commits also when the code is wrong */
export async function compareCode(
  { keyRing }: Pick<Keys, 'keyRing'>,
  em: EntityManager,
  { id, code, now }: { id: string; code: string; now: Date },
): Promise<Comparison> {
  const codeHash = await reserveComparison(em, { id, max: maxComparisons, now });
  if (codeHash === null) return 'closed';
  return isOneTimeCode(keyRing, id, code, codeHash) ? 'right' : 'wrong';
}

/** Spends the newest code of the occasion, in a transaction that commits also when the code is wrong. */
export async function spendNewestCode(
  keys: Keys,
  em: EntityManager,
  { code, now, ...wanted }: CodeOccasion & { userId: string; code: string; now: Date },
): Promise<boolean> {
  const flow = await findNewest(em, { ...wanted, now });
  return (
    flow !== null &&
    (await compareCode(keys, em, { id: flow.id, code, now })) === 'right' &&
    (await useFlow(em, { id: flow.id, now }))
  );
}
