/** Explanations for the operator (cli/explain.ts): one plain sentence with advice. */
import { describe, expect, test } from 'vitest';
import { explain } from '../../src/cli/explain.ts';
import { ConfigError } from '../../src/config/config.ts';
import { publicMessages, Refusal } from '../../src/domain/errors.ts';
import { UnsealError } from '../../src/security/keys/sealing.ts';

/** An error as Node and pg create it. */
function errorWithCode(code: string, message = 'some inner words'): Error {
  return Object.assign(new Error(message), { code });
}

describe('codes', () => {
  test.each([
    ['ECONNREFUSED', 'DATABASE_URL'],
    ['ETIMEDOUT', 'DATABASE_URL'],
    ['ENOTFOUND', 'DATABASE_URL'],
    ['EAI_AGAIN', 'DATABASE_URL'],
    ['28P01', 'DATABASE_URL'],
    ['28000', 'DATABASE_URL'],
    ['3D000', 'DATABASE_URL'],
    ['42P01', 'postern migrate'],
  ])('%s is explained in one line that names %s', (code, name) => {
    const sentence = explain(errorWithCode(code, 'connect 10.0.0.1:5432 some inner words'));
    expect(sentence).toContain(name);
    expect(sentence).not.toContain('\n');
    expect(sentence).not.toContain('inner words');
  });

  test('a deeply nested cause is found', () => {
    const error = new Error('outer', { cause: new Error('middle', { cause: errorWithCode('ECONNREFUSED') }) });
    expect(explain(error)).toBe(explain(errorWithCode('ECONNREFUSED')));
  });

  test('a refusal of both addresses of a host is one refusal', () => {
    const both = new AggregateError([errorWithCode('ECONNREFUSED', '::1'), errorWithCode('ECONNREFUSED', '127.0.0.1')]);
    expect(explain(both)).toBe(explain(errorWithCode('ECONNREFUSED')));
    expect(explain(new Error('outer', { cause: both }))).toBe(explain(errorWithCode('ECONNREFUSED')));
  });

  test('a driver error that is its own cause ends the search', () => {
    const error = errorWithCode('42P01');
    error.cause = error;
    expect(explain(error)).toBe(explain(errorWithCode('42P01')));
  });

  test.each(['timeout exceeded when trying to connect', 'Connection terminated: timeout expired'])(
    'pg marks a timeout by its message only: %s',
    (message) => {
      expect(explain(new Error(message))).toBe(explain(errorWithCode('ETIMEDOUT')));
    },
  );
});

describe('our own errors', () => {
  test('a configuration error keeps all of its lines', () => {
    const error = new ConfigError(['PORT: use a whole number', 'SECRET: is missing']);
    expect(explain(error)).toBe('Invalid configuration:\n  PORT: use a whole number\n  SECRET: is missing');
  });

  test('a sealed value that cannot be opened is explained by SECRET', () => {
    expect(explain(new UnsealError('inner words'))).toMatch(/SECRET_PREVIOUS/);
  });

  test('a refusal shows its public sentence without its detail', () => {
    expect(explain(new Refusal('EMAIL_TAKEN', { detail: 'inner words' }))).toBe(publicMessages.EMAIL_TAKEN);
  });
});

describe('anything else', () => {
  test('is explained by the first line of its message', () => {
    expect(explain(new Error('the disk is full\n  at some/file.ts:1\nselect * from users'))).toBe('the disk is full');
  });

  test('an unknown code is ignored', () => {
    expect(explain(errorWithCode('EWHATEVER', 'the disk is full'))).toBe('the disk is full');
  });

  test.each([['a text'], [null], [undefined], [7], [{ message: 'x' }]])(
    '%j, which is not an error, is unknown',
    (thrown) => {
      expect(explain(thrown)).toBe('unknown error');
    },
  );
});
