/** Challenges and their solutions: only an untouched challenge of this deployment reaches a derivation. */
import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HashGate } from '../../src/security/passwords/hash-gate.ts';
import { expiryOf, ProofOfWork } from '../../src/security/proof-of-work.ts';
import { type Solved, solve, tokenOf } from '../support/people/captcha-solver.ts';

const now = new Date('2026-11-29T12:00:00.400Z');
const keys = [0, 1].map(() => createSecretKey(randomBytes(32)));
let derivations = 0;
const gate: Pick<HashGate, 'admit' | 'run'> = {
  admit: (work) => work(() => undefined),
  run(work) {
    derivations += 1;
    return work();
  },
};
const proofOfWork = new ProofOfWork(keys, gate);
let solved: Solved;
beforeAll(async () => {
  solved = await solve(proofOfWork.create('REGISTER', now));
});
beforeEach(() => {
  derivations = 0;
});

/** @returns whether the token names a genuine challenge, and whether its derivation is right */
async function verdictOf(
  token: string,
  by = proofOfWork,
  action = 'REGISTER',
): Promise<'foreign' | 'unsolved' | 'solved'> {
  const solution = by.open(token, action);
  if (solution === null) return 'foreign';
  return (await by.isSolved(solution, async () => true)) ? 'solved' : 'unsolved';
}

const changed = (parameters: object) =>
  tokenOf({
    ...solved,
    challenge: { ...solved.challenge, parameters: { ...solved.challenge.parameters, ...parameters } },
  });

test('the solver of altcha-lib solves a challenge, and its solution costs one derivation to check', async () => {
  expect(await verdictOf(tokenOf(solved))).toBe('solved');
  expect(derivations).toBe(1);
});

test('a challenge costs no derivation, expires after five minutes, and is a new one each time', () => {
  const [one, other] = [proofOfWork.create('REGISTER', now), proofOfWork.create('REGISTER', now)];
  expect(derivations).toBe(0);
  expect(expiryOf(one)).toEqual(new Date('2026-11-29T12:05:00.000Z'));
  expect(one.parameters.nonce).not.toBe(other.parameters.nonce);
  expect(one.parameters).toMatchObject({ algorithm: 'SCRYPT', cost: 16_384, memoryCost: 8, keyPrefix: '0' });
});

describe('is refused before any derivation', () => {
  test.each([
    ['a lower cost', { cost: 2 }],
    ['less memory', { memoryCost: 1 }],
    ['a shorter prefix', { keyPrefix: '' }],
    ['another prefix', { keyPrefix: 'f' }],
    ['a later end', { expiresAt: 4_000_000_000 }],
    ['another action', { data: { action: 'LOGIN' } }],
    ['another nonce', { nonce: '0'.repeat(32) }],
    ['another algorithm', { algorithm: 'SHA-256' }],
    ['a further parameter', { keySignature: '00' }],
  ])('a challenge with %s', async (_what, parameters) => {
    expect(await verdictOf(changed(parameters))).toBe('foreign');
    expect(derivations).toBe(0);
  });

  test('a solution of a challenge for another action', async () => {
    expect(await verdictOf(tokenOf(solved), proofOfWork, 'LOGIN')).toBe('foreign');
    expect(derivations).toBe(0);
  });

  test('a challenge that another deployment has signed, or that has no signature', async () => {
    const other = new ProofOfWork([createSecretKey(randomBytes(32))], gate);
    expect(await verdictOf(tokenOf(solved), other)).toBe('foreign');
    const signature = '0'.repeat(64);
    expect(await verdictOf(tokenOf({ ...solved, challenge: { ...solved.challenge, signature } }))).toBe('foreign');
    expect(derivations).toBe(0);
  });

  test('a key that does not begin with the digit', async () => {
    const derivedKey = `f${solved.solution.derivedKey.slice(1)}`;
    expect(await verdictOf(tokenOf({ ...solved, solution: { ...solved.solution, derivedKey } }))).toBe('unsolved');
    expect(derivations).toBe(0);
  });

  test('any other text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.base64String()), (text) => {
        expect(proofOfWork.open(text, 'REGISTER')).toBeNull();
        expect(proofOfWork.open(Buffer.from(text).toString('base64'), 'REGISTER')).toBeNull();
      }),
    );
    expect(derivations).toBe(0);
  });

  test.each([
    ['a negative counter', { counter: -1 }],
    ['a fraction', { counter: 1.5 }],
    ['a counter beyond 32 bits', { counter: 2 ** 32 }],
    ['a counter as text', { counter: '1' }],
    ['a key in capitals', { derivedKey: 'AB'.repeat(32) }],
    ['a short key', { derivedKey: '00' }],
    ['no key', { derivedKey: undefined }],
  ])('a solution with %s', async (_what, wrong) => {
    expect(await verdictOf(tokenOf({ ...solved, solution: { ...solved.solution, ...wrong } }))).toBe('foreign');
    expect(derivations).toBe(0);
  });
});

test('a challenge that was spent before costs no derivation', async () => {
  const solution = proofOfWork.open(tokenOf(solved), 'REGISTER');
  if (!solution) throw new Error('the challenge is genuine');
  expect(await proofOfWork.isSolved(solution, async () => false)).toBe(false);
  expect(derivations).toBe(0);
});

test('a claimed key that the counter does not give is no solution', async () => {
  const { counter, derivedKey } = solved.solution;
  expect(await verdictOf(tokenOf({ ...solved, solution: { counter: counter + 1, derivedKey } }))).toBe('unsolved');
  expect(derivations).toBe(1);
});

test('a challenge stays valid while its secret is the previous one', async () => {
  const [newest, older] = keys;
  if (!newest || !older) throw new Error('two keys are needed');
  const before = new ProofOfWork([older], gate);
  const old = await solve(before.create('REGISTER', now));
  expect(await verdictOf(tokenOf(old))).toBe('solved');
  expect(await verdictOf(tokenOf(old), new ProofOfWork([newest], gate))).toBe('foreign');
});
