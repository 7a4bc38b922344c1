/** Turns what can go wrong at the operator's side into one plain sentence: what is wrong, and what to do. */
import { ConfigError } from './config.ts';
import { Refusal } from './domain/errors.ts';
import { MigrationFailed } from './persistence/migrate.ts';
import { UnsealError } from './security/sealing.ts';

const byCode: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use: stop what listens there, or set PORT to another one',
  EADDRNOTAVAIL: 'this machine does not have the address of HOST: set HOST to one of its own, or to 0.0.0.0',
  EACCES: 'this user may not do that: use a PORT above 1023, and a folder that it may write to',
  ECONNREFUSED: 'the database does not answer at the address of DATABASE_URL: start it, or correct DATABASE_URL',
  ETIMEDOUT: 'the database does not answer at the address of DATABASE_URL: start it, or correct DATABASE_URL',
  ENOTFOUND: 'a host name is not known: correct DATABASE_URL, or HOST',
  EAI_AGAIN: 'a host name is not known: correct DATABASE_URL, or HOST',
  '28P01': 'the database refuses the user or the password of DATABASE_URL: correct DATABASE_URL',
  '28000': 'the database refuses the user of DATABASE_URL: correct DATABASE_URL',
  '3D000': 'the database that DATABASE_URL names does not exist: create it, or correct DATABASE_URL',
  '42P01': 'the database has no tables yet: run "postern migrate"',
};

export function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof UnsealError) {
    return 'SECRET does not open what this database holds: set SECRET, or SECRET_PREVIOUS while it rotates, to the one the database was used with';
  }
  if (error instanceof Refusal || error instanceof MigrationFailed) return error.message;
  for (const cause of causesOf(error)) {
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
    const sentence = byCode[code];
    if (sentence) return sentence;
    if (/timeout exceeded when trying to connect|timeout expired|connection timeout/i.test(cause.message))
      return byCode.ETIMEDOUT ?? cause.message;
  }
  return error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : 'unknown error';
}

function causesOf(error: unknown): Error[] {
  if (error instanceof AggregateError) return [error, ...error.errors.flatMap(causesOf)];
  if (!(error instanceof Error)) return [];
  return error.cause === undefined || error.cause === error ? [error] : [error, ...causesOf(error.cause)];
}
