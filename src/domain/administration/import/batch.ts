/** Imports a batch of users in one transaction. Whatever is wrong with a row is decided before the first row is written. */

import { Role } from '../../../persistence/access/role.ts';
import {
  findOrigins,
  findTakenAddresses,
  findTakenKeys,
  lockAddresses,
  type TakenAddress,
} from '../../../persistence/accounts/import.ts';
import { setLockTimeout } from '../../../persistence/lock-retries.ts';
import { type Authority, authorityOf, grantProblem, grantsPower } from '../../access/authority.ts';
import { ordinaryRole } from '../../access/permissions.ts';
import type { Caller } from '../../caller.ts';
import { providersByName } from '../../identities/find-provider.ts';
import { type Transaction, transact } from '../../transaction.ts';
import { type CheckedRow, checkRow, type RowRules } from './check-row.ts';
import type { ImportRow, RowProblem, RowResult } from './row.ts';
import type { ImportDeps, ImportRun, PlannedRow } from './run.ts';
import { linkUsers, writeUsers } from './write.ts';

type Decision = PlannedRow | RowResult;

/** Undoes a dry run. */
class DryRun extends Error {
  readonly results: RowResult[];

  constructor(results: RowResult[]) {
    super('dry run');
    this.results = results;
  }
}

/** @returns a result for each row, in their order @throws Refusal UNAUTHENTICATED */
export async function importBatch(
  deps: ImportDeps,
  caller: Caller,
  run: ImportRun,
  rows: readonly ImportRow[],
): Promise<RowResult[]> {
  // Before the transaction: they are read by another connection.
  const providers = await providersByName(deps);
  try {
    return await transact<RowResult[]>(deps, caller, async (transaction) => {
      if (run.lockTimeoutMs !== null) await setLockTimeout(transaction.tx, run.lockTimeoutMs);
      const rules = { ...(await rulesOf(deps, transaction, caller, run)), providers };
      const decisions = await decide(transaction, run, rules, rows);
      const results = await write(deps, transaction, run, decisions);
      if (run.isDryRun) throw new DryRun(results);
      return results;
    });
  } catch (error) {
    if (error instanceof DryRun) return error.results;
    throw error;
  }
}

interface Rules extends RowRules {
  mayTouch(rank: number): boolean;
}

async function rulesOf(
  deps: ImportDeps,
  { tx }: Transaction,
  caller: Caller,
  run: ImportRun,
): Promise<Omit<Rules, 'providers'>> {
  const authority = await authorityOf(tx, caller);
  const roles = new Map((await tx.findAll(Role)).map((role) => [role.name, role]));
  const mayTouch = (rank: number) => (caller.isOperator ? true : rank < authority.rank);
  return {
    readHash: deps.readForeignHash,
    mayTouch,
    roleProblem(name) {
      const role = roles.get(name);
      if (!role) return 'UNKNOWN_ROLE';
      // No import makes a SUPER_ADMIN: `postern users create` makes the first one.
      const isBelow = role.name !== 'SUPER_ADMIN' && mayTouch(role.rank);
      return isBelow && mayGrant(authority, caller, role) ? null : 'ROLE_TOO_HIGH';
    },
    defaultRole: run.defaultRole,
    rpId: deps.settings.passkeys.rpId,
  };
}

/** As for `createUser`: a program has no recent authentication, so it never grants power. */
function mayGrant(authority: Authority, { machine }: Caller, role: Role): boolean {
  if (role.name === ordinaryRole.name) return true;
  const isPermitted = authority.permissions.includes('roles:assign') && grantProblem(authority, role) === null;
  return isPermitted && !(machine && grantsPower(role));
}

async function decide(
  { tx, now }: Transaction,
  run: ImportRun,
  rules: Rules,
  rows: readonly ImportRow[],
): Promise<Decision[]> {
  const checked = rows.map((row) => checkRow(row, rules));
  const valid = checked.filter((row) => typeof row === 'object');
  const emails = valid.map(({ email }) => email);
  await lockAddresses(tx, emails);
  const origins = await findOrigins(
    tx,
    run.source,
    valid.map(({ externalId }) => externalId),
  );
  const taken = new Map((await findTakenAddresses(tx, emails, now)).map((each) => [each.email, each]));
  const keys = new Set(await findTakenKeys(tx, keysOf(valid)));
  const seen = new Set<string>();
  return checked.map((row, index) => {
    const externalId = rows[index]?.externalId ?? null;
    if (typeof row === 'string') return failed(externalId, row);
    if (origins.has(row.externalId)) {
      return {
        externalId,
        outcome: 'SKIPPED',
        userId: origins.get(row.externalId) ?? null,
        reason: 'ALREADY_IMPORTED',
        warnings: [],
      };
    }
    const account = taken.get(row.email) ?? null;
    if (isRepeated(row, seen) || account?.importId === run.id) return failed(externalId, 'DUPLICATE_IN_FILE');
    const problem = account ? conflictProblem(run, rules, row, account) : null;
    if (problem)
      return {
        externalId,
        outcome: run.onConflict === 'SKIP' ? 'SKIPPED' : 'FAILED',
        userId: null,
        reason: problem,
        warnings: [],
      };
    const own = ownKeys(row);
    if (own.some((key) => keys.has(key))) return failed(externalId, 'IDENTITY_TAKEN');
    for (const key of own) keys.add(key);
    return { row, account };
  });
}

/** Whether an earlier row of the batch has its address or its id. */
function isRepeated({ email, externalId }: CheckedRow, seen: Set<string>): boolean {
  const marks = [`email ${email}`, `id ${externalId}`];
  const isKnown = marks.some((mark) => seen.has(mark));
  for (const mark of marks) seen.add(mark);
  return isKnown;
}

/** An unverified address proves nothing about its owner: it is never linked. */
function conflictProblem(run: ImportRun, rules: Rules, row: CheckedRow, account: TakenAddress): RowProblem | null {
  const canLink =
    run.onConflict === 'LINK' &&
    row.emailVerified &&
    account.emailVerified &&
    account.status === 'ACTIVE' &&
    rules.mayTouch(account.rank);
  return canLink ? null : 'EMAIL_TAKEN';
}

function keysOf(rows: readonly CheckedRow[]) {
  const identities = rows.flatMap((row) => row.identities);
  return {
    issuers: identities.map(({ provider }) => provider.issuer),
    subjects: identities.map(({ subject }) => subject),
    credentialIds: rows.flatMap((row) => row.passkeys.map(({ credentialId }) => credentialId)),
  };
}

function ownKeys({ identities, passkeys }: CheckedRow): string[] {
  return [
    ...identities.map(({ provider, subject }) => `${provider.issuer} ${subject}`),
    ...passkeys.map(({ credentialId }) => credentialId.toString('hex')),
  ];
}

async function write(
  deps: ImportDeps,
  transaction: Transaction,
  run: ImportRun,
  decisions: readonly Decision[],
): Promise<RowResult[]> {
  const planned = decisions.filter((decision) => 'row' in decision);
  const results = new Map<Decision, RowResult>([
    ...(await writeUsers(
      deps,
      transaction,
      run,
      planned.filter(({ account }) => account === null),
    )),
    ...(await linkUsers(transaction, run, planned)),
  ]);
  return decisions.map((decision) =>
    'row' in decision ? (results.get(decision) ?? failed(decision.row.externalId, 'EMAIL_TAKEN')) : decision,
  );
}

function failed(externalId: string | null, reason: RowProblem): RowResult {
  return { externalId, outcome: 'FAILED', userId: null, reason, warnings: [] };
}
