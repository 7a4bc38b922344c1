/** Turns a failure on the operator's side into one plain sentence: what is wrong, and what to do. */

import { ListenError } from '../app/listen.ts';
import { ConfigError } from '../config/error.ts';
import { FolderError } from '../development/development.ts';
import { NoEmbeddedPostgres } from '../development/embedded-postgres.ts';
import { Refusal } from '../domain/errors.ts';
import { UnusableServer } from '../persistence/connection/server-check.ts';
import { MigrationFailed } from '../persistence/migrate.ts';
import { UnsealError } from '../security/keys/sealing.ts';

const noTrust =
  'the certificate of PostgreSQL is not trusted: set DATABASE_CA to its CA, or correct sslmode in DATABASE_URL';

const byCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the database does not answer at the address of DATABASE_URL: start it, or correct DATABASE_URL',
  ETIMEDOUT: 'the database does not answer at the address of DATABASE_URL: start it, or correct DATABASE_URL',
  ENOTFOUND: 'the host name of DATABASE_URL is unknown: correct DATABASE_URL',
  EAI_AGAIN: 'the host name of DATABASE_URL is unknown: correct DATABASE_URL',
  '28P01': 'the database refuses the user or the password of DATABASE_URL: correct DATABASE_URL',
  '28000': 'the database refuses the user of DATABASE_URL: correct DATABASE_URL',
  '25006': 'the database of DATABASE_URL is read-only: set DATABASE_URL to the primary',
  '3D000': 'the database that DATABASE_URL names does not exist: create it, or correct DATABASE_URL',
  DEPTH_ZERO_SELF_SIGNED_CERT: noTrust,
  SELF_SIGNED_CERT_IN_CHAIN: noTrust,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: noTrust,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: noTrust,
  CERT_HAS_EXPIRED: 'the certificate of PostgreSQL has expired: renew it',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'the certificate of PostgreSQL is for another host: correct the host in DATABASE_URL, or the certificate',
  '42P01': 'the database has no tables yet: run "postern migrate"',
};

const noDatabase =
  'no database is configured: set DATABASE_URL in the environment or in .env, or start "postern serve" in this folder first, which creates one for development';

const byMessage: readonly (readonly [RegExp, string])[] = [
  [
    /timeout exceeded when trying to connect|timeout expired|connection timeout/i,
    'the database does not answer at the address of DATABASE_URL: start it, or correct DATABASE_URL',
  ],
  [
    /does not support SSL|establishing an SSL connection/i,
    'PostgreSQL offers no TLS, and sslmode in DATABASE_URL requires it: enable "ssl" in PostgreSQL',
  ],
  [
    /unsupported startup parameter/i,
    'the pooler refuses a startup parameter: remove "options" from DATABASE_URL, or list it in ignore_startup_parameters of PgBouncer',
  ],
];

export function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof UnsealError) {
    return 'SECRET does not match this database: set SECRET, or SECRET_PREVIOUS during a rotation, to the secret that the database was created with';
  }
  if (error instanceof Refusal || error instanceof MigrationFailed) return error.message;
  if (error instanceof ListenError || error instanceof FolderError || error instanceof UnusableServer)
    return error.message;
  if (error instanceof NoEmbeddedPostgres) return noDatabase;
  for (const cause of causesOf(error)) {
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
    const sentence = byCode[code];
    if (sentence) return sentence;
    const known = byMessage.find(([pattern]) => pattern.test(cause.message));
    if (known) return known[1];
  }
  return error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : 'unknown error';
}

function causesOf(error: unknown): Error[] {
  if (error instanceof AggregateError) return [error, ...error.errors.flatMap(causesOf)];
  if (!(error instanceof Error)) return [];
  return error.cause === undefined || error.cause === error ? [error] : [error, ...causesOf(error.cause)];
}
