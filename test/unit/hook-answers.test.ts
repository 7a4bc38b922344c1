/** What a hook may answer: nothing unexpected is read as "allow", and `ext` stays small, flat and without names of claims. */
import { describe, expect, test } from 'vitest';
import { InvalidAnswer } from '../../src/domain/hooks/answer-members.ts';
import { readAnswer } from '../../src/domain/hooks/answers.ts';
import type { HookPoint } from '../../src/domain/hooks/points.ts';

const read = (point: HookPoint, answer: unknown) =>
  readAnswer(point, typeof answer === 'string' ? answer : JSON.stringify(answer));

function problemOf(point: HookPoint, answer: unknown): string {
  try {
    return `accepted: ${JSON.stringify(read(point, answer))}`;
  } catch (error) {
    return error instanceof InvalidAnswer ? error.message : String(error);
  }
}

const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('an answer', () => {
  test('allows, with the members of its point', () => {
    expect(read('beforeSignIn', { decision: 'allow' }).allowed).toEqual({ requireSecondStep: false });
    expect(read('beforeSignIn', { decision: 'allow', requireSecondStep: true }).allowed).toEqual({
      requireSecondStep: true,
    });
    const limits = { sessionTtl: 600, permissions: ['users:read', 'profile:write', 'users:read'] };
    expect(read('beforeSession', { decision: 'allow', ...limits }).allowed).toEqual({
      sessionTtl: 600,
      permissions: ['profile:write', 'users:read'],
    });
    expect(read('beforeSession', { decision: 'allow' }).allowed).toEqual({ sessionTtl: null, permissions: null });
  });

  test('refuses, with a reason and a message', () => {
    const said = { reason: 'OUTSIDE_OFFICE', message: 'Sign in from the office.' };
    expect(read('beforeSignIn', { decision: 'refuse', ...said })).toEqual({ allowed: null, ...said });
    expect(read('beforeRegister', { decision: 'refuse' })).toEqual({ allowed: null, reason: null, message: null });
  });

  test.each<[string, HookPoint, unknown]>([
    ['text', 'beforeSignIn', 'allow'],
    ['nothing', 'beforeSignIn', ''],
    ['null', 'beforeSignIn', null],
    ['a list', 'beforeSignIn', [{ decision: 'allow' }]],
    ['no decision', 'beforeSignIn', { requireSecondStep: true }],
    ['another decision', 'beforeSignIn', { decision: 'ALLOW' }],
    ['a decision and 16 kB', 'beforeSignIn', `{"decision":"allow"}${' '.repeat(16_000)}`],
    ['a misspelt restriction', 'beforeSession', { decision: 'allow', permission: [] }],
    ['a restriction of another point', 'beforeSignIn', { decision: 'allow', sessionTtl: 60 }],
    ['a restriction beside a refusal', 'beforeSession', { decision: 'refuse', sessionTtl: 60 }],
    ['a member named __proto__', 'beforeSignIn', '{"decision":"allow","__proto__":{"requireSecondStep":true}}'],
    ['a wish that is no boolean', 'beforeSignIn', { decision: 'allow', requireSecondStep: 'true' }],
    ['a session of a second', 'beforeSession', { decision: 'allow', sessionTtl: 1 }],
    ['a session of a text', 'beforeSession', { decision: 'allow', sessionTtl: '600' }],
    ['a session without an end', 'beforeSession', '{"decision":"allow","sessionTtl":1e400}'],
    ['an unknown permission', 'beforeSession', { decision: 'allow', permissions: ['users:raed'] }],
    ['permissions as a text', 'beforeSession', { decision: 'allow', permissions: 'profile:write' }],
    ['a reason in small letters', 'beforeSignIn', { decision: 'refuse', reason: 'outside' }],
    ['a reason of 65 letters', 'beforeSignIn', { decision: 'refuse', reason: 'A'.repeat(65) }],
    ['a message of 201 characters', 'beforeSignIn', { decision: 'refuse', message: 'a'.repeat(201) }],
    ['a message of two lines', 'beforeSignIn', { decision: 'refuse', message: 'one\ntwo' }],
    ['a message that changes its direction', 'beforeSignIn', { decision: 'refuse', message: 'a\u202eb' }],
    ['a refusal of claims', 'customizeClaims', { decision: 'refuse' }],
  ])('with %s is no answer', (_, point, answer) => {
    expect(problemOf(point, answer)).not.toContain('accepted');
  });
});

describe('ext', () => {
  const withExt = (ext: string) => `{"decision":"allow","ext":${ext}}`;

  test('is an object of the hook', () => {
    const ext = { team: 'engines', flags: { beta: true }, list: [1, 'two', null] };
    expect(read('customizeClaims', { decision: 'allow', ext }).allowed).toEqual({ ext });
    expect(read('customizeClaims', { decision: 'allow' }).allowed).toEqual({ ext: null });
  });

  test.each([
    ['a text', '"admin"'],
    ['a list', '["admin"]'],
    ['2 kB', `{"a":"${'x'.repeat(2000)}"}`],
    ['over 1 kB of bytes in fewer characters', `{"a":"${'ü'.repeat(510)}"}`],
    ['1000 levels of objects', nested(1000)],
    ['1000 levels of lists', `{"a":${'['.repeat(1000)}${']'.repeat(1000)}}`],
    ['nine levels', nested(9)],
    ['a member __proto__', '{"__proto__":{"role":"SUPER_ADMIN"}}'],
    ['a member __proto__ below', '{"a":[{"__proto__":{"role":"SUPER_ADMIN"}}]}'],
    ...['sub', 'role', 'scope', 'permissions', 'sid', 'exp', 'acr', 'amr', 'auth_time', 'ext'].map((name) => [
      `the claim ${name}`,
      `{"${name}":"SUPER_ADMIN"}`,
    ]),
  ])('with %s is no answer', (_, ext) => {
    expect(problemOf('customizeClaims', withExt(ext ?? ''))).toMatch(/^ext/);
  });

  test('of eight levels and of 1 kB is accepted', () => {
    expect(problemOf('customizeClaims', withExt(nested(8)))).toContain('accepted');
    expect(problemOf('customizeClaims', withExt(`{"a":"${'x'.repeat(1024 - 8)}"}`))).toContain('accepted');
  });
});
