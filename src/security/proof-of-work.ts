/**
 * Proof of work in the format of ALTCHA: the client searches for a counter whose SCRYPT hash begins with a given digit.
 * Challenges are not stored: the signature says that this deployment made one. A solution carries its challenge back, and is
 * refused unless every parameter is the one that the deployment would sign: the costs are never those of a client.
 */
import { createHmac, type KeyObject, scrypt, timingSafeEqual } from 'node:crypto';
import { isDeepStrictEqual, promisify } from 'node:util';
import type { HashGate } from './passwords/hash-gate.ts';
import { randomBlock } from './random.ts';

export interface Challenge {
  parameters: ChallengeParameters;
  /** HMAC-SHA256 of the parameters, in hexadecimal. */
  signature: string;
}

/** In the order of their names, which is the order that is signed. */
interface ChallengeParameters {
  algorithm: 'SCRYPT';
  cost: number;
  data: { action: string };
  /** In seconds since 1970. */
  expiresAt: number;
  keyLength: number;
  keyPrefix: string;
  memoryCost: number;
  nonce: string;
  parallelism: number;
  salt: string;
}

/** A solution of a genuine challenge. Its derivation is not checked yet. */
export interface Solution {
  parameters: ChallengeParameters;
  counter: number;
  derivedKey: string;
}

/** One derivation takes as long as a password hash and 16 MiB. One of sixteen counters is a solution. */
const costs = { cost: 16_384, memoryCost: 8, parallelism: 1, keyLength: 32, keyPrefix: '0' } as const;
const lifetimeSeconds = 300;
const maxCounter = 0xffff_ffff;

const deriveKey = promisify<Buffer, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
);

export class ProofOfWork {
  readonly #keys: readonly KeyObject[];
  readonly #gate: Pick<HashGate, 'admit' | 'run'>;

  /** @param keys newest first: the first one signs, each is accepted */
  constructor(keys: readonly KeyObject[], gate: Pick<HashGate, 'admit' | 'run'>) {
    this.#keys = keys;
    this.#gate = gate;
  }

  /** Costs one HMAC. @param action what the solution will be accepted for */
  create(action: string, now: Date): Challenge {
    const expiresAt = Math.floor(now.getTime() / 1000) + lifetimeSeconds;
    const [nonce, salt] = [randomBlock().toString('hex'), randomBlock().toString('hex')];
    const parameters = parametersOf({ action, expiresAt, nonce, salt });
    const [key] = this.#keys;
    if (!key) throw new Error('a key is needed to sign challenges');
    return { parameters, signature: sign(key, parameters).toString('hex') };
  }

  /**
   * Reads a solution, without a derivation.
   * @param token `{ challenge, solution }` as JSON in base64, of bounded length
   * @returns null for a token that holds no challenge of this deployment for the action
   */
  open(token: string, action: string): Solution | null {
    const { challenge, solution } = record(parse(Buffer.from(token, 'base64').toString('utf8')));
    const { parameters: given, signature } = record(challenge);
    const { expiresAt, nonce, salt } = record(given);
    const { counter, derivedKey } = record(solution);
    if (!isCount(expiresAt, Number.MAX_SAFE_INTEGER) || !isHex(nonce, 16) || !isHex(salt, 16)) return null;
    if (!isCount(counter, maxCounter) || !isHex(derivedKey, costs.keyLength) || !isHex(signature, 32)) return null;
    const parameters = parametersOf({ action, expiresAt, nonce, salt });
    const presented = Buffer.from(signature, 'hex');
    const isSigned = this.#keys.some((key) => timingSafeEqual(sign(key, parameters), presented));
    return isSigned && isDeepStrictEqual(given, parameters) ? { parameters, counter, derivedKey } : null;
  }

  /**
   * Repeats the derivation of the solution.
   * @param spend called when there is a place for the derivation; false: the challenge was spent before
   * @throws HashGateFull
   */
  async isSolved(solution: Solution, spend: () => Promise<boolean>): Promise<boolean> {
    if (!solution.derivedKey.startsWith(costs.keyPrefix)) return false;
    return this.#gate.admit(async () => (await spend()) && (await this.#derives(solution)));
  }

  async #derives({ parameters, counter, derivedKey }: Solution): Promise<boolean> {
    const password = Buffer.alloc(20);
    password.write(parameters.nonce, 'hex');
    password.writeUInt32BE(counter, 16);
    const { cost: N, memoryCost: r, parallelism: p, keyLength } = costs;
    const options = { N, r, p, maxmem: 256 * N * r };
    const derived = await this.#gate.run(() =>
      deriveKey(password, Buffer.from(parameters.salt, 'hex'), keyLength, options),
    );
    return derived.toString('hex') === derivedKey;
  }
}

export function expiryOf({ parameters }: Challenge | Solution): Date {
  return new Date(parameters.expiresAt * 1000);
}

function parametersOf(own: { action: string; expiresAt: number; nonce: string; salt: string }): ChallengeParameters {
  const { cost, keyLength, keyPrefix, memoryCost, parallelism } = costs;
  const { action, expiresAt, nonce, salt } = own;
  const [algorithm, data] = ['SCRYPT' as const, { action }];
  return { algorithm, cost, data, expiresAt, keyLength, keyPrefix, memoryCost, nonce, parallelism, salt };
}

function sign(key: KeyObject, parameters: ChallengeParameters): Buffer {
  return createHmac('sha256', key).update(JSON.stringify(parameters)).digest();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function isCount(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
}

/** In small letters: each value has one spelling. */
function isHex(value: unknown, bytes: number): value is string {
  return typeof value === 'string' && value.length === 2 * bytes && /^[0-9a-f]+$/.test(value);
}
