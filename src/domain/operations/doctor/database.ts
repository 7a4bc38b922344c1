/** Is the database usable, and does its role have the rights and the settings that Postern needs? */
import { readDatabaseState } from '../../../persistence/connection/database-state.ts';
import { readServerState, serverProblems } from '../../../persistence/connection/server-check.ts';
import {
  type DatabaseFacts,
  findMissingRoleSettings,
  readDatabaseFacts,
  sharesServerConnections,
} from '../../../persistence/operations/database-inspection.ts';
import { findGaps } from '../../../persistence/partitions/partition-list.ts';
import { findSessionState } from '../../../persistence/sessions/session-state.ts';
import { noSession } from '../readiness.ts';
import type { DoctorDatabase, DoctorDeps } from './deps.ts';
import { type Finding, fail, plural, problemsOr, warn } from './finding.ts';
import { replicaProblem } from './replica.ts';

const oldestVersion = 14;

export async function checkDatabase(deps: DoctorDeps): Promise<Finding[]> {
  const database = await deps.database();
  const facts = await readDatabaseFacts(database.fork());
  const { encryption } = await readDatabaseState(database.fork());
  const problems = [
    ...(await serverFindings(database)),
    ...factProblems(facts),
    ...(await poolerProblems(database, facts)),
    encryptionProblem(deps, database, encryption),
    await replicaProblem(database.replica),
  ];
  return problemsOr(
    [...problems, await tableProblem(database, problems.some(isFail))],
    [
      `PostgreSQL ${majorOf(facts)}`,
      encryption ?? 'not encrypted',
      database.pooler === 'none' ? 'no pooler' : 'behind a transaction pooler',
      ...(database.replica ? ['a standby that is close'] : []),
      'all migrations applied',
    ].join(', '),
  );
}

const isFail = (problem: Finding | null) => problem?.state === 'fail';

async function serverFindings({ fork }: DoctorDatabase): Promise<Finding[]> {
  return serverProblems(await readServerState(fork())).map(({ problem, remedy, sql }) =>
    fail(problem, remedy, sql === null ? [] : [sql]),
  );
}

function encryptionProblem({ production }: DoctorDeps, { isPrivate }: DoctorDatabase, encryption: string | null) {
  if (!production || isPrivate || encryption !== null) return null;
  return warn(
    'the connection is not encrypted',
    'add sslmode=verify-full to DATABASE_URL, and set DATABASE_CA for a private CA',
  );
}

/** @param isExplained whether an error has a cause that is reported already, such as missing rights */
async function tableProblem(database: DoctorDatabase, isExplained: boolean): Promise<Finding | null> {
  try {
    const pending = await database.pendingMigrations();
    if (pending.length > 0)
      return fail(plural(pending.length, 'migration is pending', 'migrations are pending'), 'run "postern migrate"');
    // The statement of every authenticated request, which a pooler may refuse while others pass.
    await findSessionState(database.fork(), noSession);
    const gaps = await findGaps(database.fork(), database.clock.now());
    if (gaps.length === 0) return null;
    return fail(`no partition for the current time in ${gaps.join(', ')}`, 'run "postern partitions create"');
  } catch (error) {
    if (isExplained) return null;
    throw error;
  }
}

const majorOf = ({ version }: DatabaseFacts) => Math.floor(version / 10_000);

function factProblems(facts: DatabaseFacts): (Finding | null)[] {
  const { role, database, schema, timeZone, createsTables, otherOwners, isSuperuser } = facts;
  const forRole = `alter role ${role} in database ${database} set`;
  return [
    majorOf(facts) < oldestVersion
      ? fail(`PostgreSQL ${majorOf(facts)} is too old`, `upgrade it to ${oldestVersion} or newer`)
      : null,
    timeZone === 'UTC'
      ? null
      : fail(`the time zone is ${timeZone}`, 'set it for the role', [`${forRole} TimeZone = 'UTC'`]),
    createsTables
      ? null
      : fail(
          `the role ${role} cannot create tables${schema ? ` in ${schema}` : ''}`,
          'grant the right, for migrations',
          [`grant usage, create on schema ${schema ?? 'public'} to ${role}`],
        ),
    otherOwners.length === 0
      ? null
      : fail(
          `tables belong to ${otherOwners.join(', ')}, so that migrations of ${role} cannot change them`,
          'make it their owner',
          otherOwners.map((owner) => `reassign owned by ${owner} to ${role}`),
        ),
    isSuperuser
      ? {
          ...warn(
            `the role ${role} is a superuser, which can disable the protection of the audit trail`,
            'use a role without that right',
          ),
          sql: [`alter role ${role} nosuperuser`],
        }
      : null,
  ];
}

async function poolerProblems({ fork, pooler }: DoctorDatabase, facts: DatabaseFacts): Promise<Finding[]> {
  if (pooler === 'none') {
    if (!(await sharesServerConnections(fork()))) return [];
    return [
      fail(
        'a transaction pooler is between the gateway and PostgreSQL',
        'set DATABASE_POOLER=transaction, and DATABASE_DIRECT_URL to PostgreSQL itself',
      ),
    ];
  }
  const missing = await findMissingRoleSettings(fork());
  if (missing.length === 0) return [];
  return [
    fail(
      `behind the pooler, the role ${facts.role} lacks ${missing.map(([name]) => name).join(', ')}`,
      'run the statements of "postern doctor database", then RECONNECT in the console of PgBouncer',
      missing.map(([name, value]) => `alter role ${facts.role} in database ${facts.database} set ${name} = '${value}'`),
    ),
  ];
}
