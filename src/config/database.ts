/** The settings of the connection to PostgreSQL. */
import { z } from 'zod';
import {
  type DatabaseSettings,
  DatabaseUrlError,
  type Pooler,
  readDatabaseUrl,
} from '../persistence/connection/database-url.ts';
import type { Basics } from './basics.ts';
import { serversUrl } from './formats/addresses.ts';
import { fineDuration, integer, oneOf } from './formats/basic.ts';
import { certificates } from './formats/files.ts';

const postgresUrl = serversUrl(['postgres:', 'postgresql:']);

export const databaseSettings = {
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_CA: certificates.optional(),
  PGSSLMODE: oneOf(['disable', 'require', 'verify-ca', 'verify-full', 'no-verify']).optional(),
  DATABASE_POOLER: oneOf(['none', 'transaction']).default('none'),
  DATABASE_DIRECT_URL: postgresUrl.optional(),
  DATABASE_READ_URL: postgresUrl.optional(),
  DATABASE_READ_MAX_LAG: fineDuration(100, 60_000).prefault('2s'),
  DATABASE_POOL_MAX: integer(2, 1000).prefault('10'),
  PARTITIONS: oneOf(['on', 'off']).default('on'),
};

const schema = z.object(databaseSettings);
type Environment = z.infer<typeof schema>;

export interface DatabaseConfig {
  /** null: the embedded database of development. */
  url: string | null;
  /** The address of PostgreSQL past the pooler, for migrations. */
  directUrl: string | null;
  /** A standby, for lists. */
  readUrl: string | null;
  /** A standby that is further behind serves nothing. */
  readMaxLagSeconds: number;
  /** The path of a PEM file. */
  ca: string | null;
  /** Applies when the URL gives none. */
  sslMode: string | null;
  pooler: Pooler;
  poolMax: number;
  partitions: 'on' | 'off';
}

export function databaseConfig(env: Environment): DatabaseConfig {
  return {
    url: env.DATABASE_URL ?? null,
    directUrl: env.DATABASE_DIRECT_URL ?? null,
    readUrl: env.DATABASE_READ_URL ?? null,
    readMaxLagSeconds: env.DATABASE_READ_MAX_LAG,
    ca: env.DATABASE_CA ?? null,
    sslMode: env.PGSSLMODE ?? null,
    pooler: env.DATABASE_POOLER,
    poolMax: env.DATABASE_POOL_MAX,
    partitions: env.PARTITIONS,
  };
}

export function databaseProblems(env: Environment, { production }: Basics): string[] {
  const { url: pooled, directUrl, readUrl, ...shared } = databaseConfig(env);
  const problems = [
    ...urlProblems('DATABASE_URL', pooled, shared, production),
    ...urlProblems('DATABASE_READ_URL', readUrl, shared, production),
    ...urlProblems('DATABASE_DIRECT_URL', directUrl, { ...shared, pooler: 'none' }, production),
  ];
  if (shared.pooler === 'transaction' && !directUrl)
    problems.push(
      'DATABASE_DIRECT_URL: is missing; with DATABASE_POOLER, migrations need the address of PostgreSQL itself',
    );
  if (directUrl && !pooled)
    problems.push('DATABASE_DIRECT_URL: requires DATABASE_URL; set it to the address of the pooler');
  if (readUrl && !pooled) problems.push('DATABASE_READ_URL: requires DATABASE_URL; set it to the primary');
  if (readUrl && /[?&]target_session_attrs=(read-write|primary)/.test(readUrl))
    problems.push('DATABASE_READ_URL: target_session_attrs: remove it; a standby accepts no writes');
  return problems;
}

function urlProblems(
  name: string,
  given: string | null,
  settings: Omit<DatabaseSettings, 'url'>,
  production: boolean,
): string[] {
  if (given === null) return [];
  return targetProblems({ ...settings, url: given }, production).map((problem) => `${name}: ${problem}`);
}

function targetProblems(settings: DatabaseSettings, production: boolean): readonly string[] {
  try {
    return readDatabaseUrl(settings).isUnverified && production
      ? ['sslmode: no-verify is not allowed in production; use verify-full, and set DATABASE_CA for a private CA']
      : [];
  } catch (error) {
    if (error instanceof DatabaseUrlError) return error.problems;
    throw error;
  }
}
