/**
 * Argon2id (ASVS 11.4.2) behind the hash gate. Passwords are NFKC-normalised before hashing.
 * `verify` always computes one hash, so that an unknown account takes as long as a known one.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import argon2 from 'argon2';
import { type Trace, untraced } from '../../trace.ts';
import { maxPasswordUnits, normaliseWithin } from '../bounded-text.ts';
import type { ForeignHash } from '../foreign-hashes/foreign-hash.ts';
import type { ForeignHashReader } from '../foreign-hashes/readers.ts';
import { HashGate } from './hash-gate.ts';

export interface HashParameters {
  memoryKib: number;
  passes: number;
}

/** Waiting hashes per running hash: about two seconds of work. */
export const waitingPerSlot = 50;
/** A sign-in hashes twice at most (the second time to renew an outdated hash), and has ten seconds (http/deadline.ts). */
export const maxWaitMs = 4000;
const saltBytes = 16;
/** The highest values of ARGON2_MEMORY_KIB and ARGON2_PASSES. A stored hash beyond them is none of ours. */
const most = { memoryKib: 1_048_576, passes: 20, lanes: 8 };
/** PHC string format. Writers differ in the order of the parameters, so it is not relied on. */
const encodedPattern = /^\$argon2id\$v=19\$([mtp=\d,]+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

export class PasswordHasher {
  readonly #parameters: HashParameters;
  readonly #gate: HashGate;
  readonly #trace: Trace;
  readonly #readForeign: ForeignHashReader | null;
  /** Of the latest hash by current parameters; null: none was computed. */
  #usualMs: number | null = null;

  /** @param readForeign reads the hashes of imported users; null: they match no password */
  constructor(
    parameters: HashParameters,
    width = availableParallelism(),
    trace: Trace = untraced,
    readForeign: ForeignHashReader | null = null,
  ) {
    this.#parameters = parameters;
    this.#trace = trace;
    this.#readForeign = readForeign;
    this.#gate = new HashGate({ width, maxWaiting: width * waitingPerSlot, maxWaitMs }, trace);
  }

  /** The numbers of running and waiting hashes. */
  get load(): { running: number; waiting: number } {
    return this.#gate.load;
  }

  /**
   * Runs work that hashes at a later step. Refuses it before it begins when too much of it is under way.
   * @param work gets a function to call when it will not hash any more
   * @throws HashGateFull
   */
  admit<T>(work: (leave: () => void) => Promise<T>): Promise<T> {
    return this.#gate.admit(work);
  }

  /**
   * Runs another derivation that is as costly as a password hash in the same places.
   * @throws HashGateFull
   */
  derive<T>(work: () => Promise<T>): Promise<T> {
    return this.#gate.run(work);
  }

  /**
   * @param like an encoded hash whose salt and parameters to share, so that one computation answers for both
   * @throws HashGateFull
   */
  hash(password: string, like?: string): Promise<string> {
    const recipe = like ? parse(like)?.recipe : null;
    // No account has a longer password; hashing one costs the same as hashing any other wrong password.
    const text = normaliseWithin(password, 'NFKC', maxPasswordUnits);
    const compute = async () => {
      const fresh = () => this.#timed(() => argon2.hash(text, { type: argon2.argon2id, ...this.#freshRecipe() }));
      // Argon2 may reject stored parameters; that case must cost one hash as well.
      return recipe ? argon2.hash(text, { type: argon2.argon2id, ...recipe }).catch(fresh) : fresh();
    };
    return this.#trace.span('hash', () => this.#gate.run(compute));
  }

  /**
   * Finds the encoded hash of this password. All candidates share one salt (see `hash`); others are ignored. An empty
   * list, or a malformed hash, costs the same and matches nothing. An imported hash stands alone.
   * @returns the index, or -1
   * @throws HashGateFull
   */
  async verify(candidates: readonly string[], password: string): Promise<number> {
    const foreign = this.#foreignHash(candidates[0]);
    if (foreign) return (await this.#matches(foreign, password)) ? 0 : -1;
    const computed = parse(await this.hash(password, candidates[0]));
    return candidates.findIndex((candidate) => isSame(parse(candidate), computed));
  }

  /** Whether the hash was made with other parameters than the current ones. */
  isOutdated(encoded: string): boolean {
    const recipe = parse(encoded)?.recipe;
    return recipe?.memoryCost !== this.#parameters.memoryKib || recipe.timeCost !== this.#parameters.passes;
  }

  #foreignHash(candidate: string | undefined): ForeignHash | null {
    if (candidate === undefined || parse(candidate)) return null;
    const read = this.#readForeign?.(candidate);
    return typeof read === 'object' ? read : null;
  }

  /** A wrong password takes as long as for an unknown account, where the imported hash is the faster one. */
  async #matches(foreign: ForeignHash, password: string): Promise<boolean> {
    const usualMs = this.#usualMs ?? (await this.hash(password).then(() => this.#usualMs)) ?? 0;
    const begun = performance.now();
    const compute = () => (password.length > maxPasswordUnits ? false : foreign.matches(password));
    const matches = await this.#trace.span('hash', () => this.#gate.run(async () => compute()));
    if (!matches) await setTimeout(Math.max(0, usualMs - (performance.now() - begun)));
    return matches;
  }

  async #timed(compute: () => Promise<string>): Promise<string> {
    const begun = performance.now();
    const encoded = await compute();
    this.#usualMs = performance.now() - begun;
    return encoded;
  }

  #freshRecipe(): Recipe {
    const { memoryKib, passes } = this.#parameters;
    return { memoryCost: memoryKib, timeCost: passes, parallelism: 1, salt: randomBytes(saltBytes) };
  }
}

interface Recipe {
  memoryCost: number;
  timeCost: number;
  parallelism: number;
  salt: Buffer;
}

interface Parsed {
  recipe: Recipe;
  digest: Buffer;
}

function parse(encoded: string): Parsed | null {
  const [, parameters = '', salt = '', digest = ''] = encodedPattern.exec(encoded) ?? [];
  const { m, t, p } = Object.fromEntries(parameters.split(',').map((pair) => pair.split('=')));
  if (!m || !t || !p) return null;
  if (Number(m) > most.memoryKib || Number(t) > most.passes || Number(p) > most.lanes) return null;
  const recipe = {
    memoryCost: Number(m),
    timeCost: Number(t),
    parallelism: Number(p),
    salt: Buffer.from(salt, 'base64'),
  };
  return { recipe, digest: Buffer.from(digest, 'base64') };
}

function isSame(a: Parsed | null, b: Parsed | null): boolean {
  if (!a || !b || a.digest.length !== b.digest.length) return false;
  return timingSafeEqual(a.digest, b.digest) && isDeepStrictEqual(a.recipe, b.recipe);
}
