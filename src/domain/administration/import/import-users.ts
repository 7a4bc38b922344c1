/** Imports users for administrators and programs: one batch. */
import { type Caller, isRecent } from '../../caller.ts';
import { Refusal } from '../../errors.ts';
import { newId } from '../../ids.ts';
import { normaliseEmail } from '../../text/email-address.ts';
import { askBeforeInvite } from '../before-invite.ts';
import { type ManagedUser, usersById } from '../users.ts';
import { importBatch } from './batch.ts';
import { countResults } from './counts.ts';
import { recordEnd } from './record.ts';
import type { ImportConflict, ImportRow, RowResult } from './row.ts';
import type { ImportDeps, ImportRun } from './run.ts';

export interface ImportRequest {
  users: readonly ImportRow[];
  onConflict: ImportConflict;
  dryRun: boolean;
}

export type ImportedRow = Omit<RowResult, 'externalId' | 'userId'> & { externalId: string; user: ManagedUser | null };

const maxUsers = 100;
/** As many as the connections to one host. */
const askedAtOnce = 8;
/** The namespace of the external ids that the API is given. */
const source = 'api';

/** @returns a result for each user, in their order @throws Refusal UNAUTHENTICATED, REAUTHENTICATION_REQUIRED, BAD_USER_INPUT, SERVICE_UNAVAILABLE */
export async function importUsers(
  deps: ImportDeps,
  caller: Caller,
  { users, onConflict, dryRun: isDryRun }: ImportRequest,
): Promise<ImportedRow[]> {
  if (caller.viewer && !isRecent(caller.viewer.standing)) throw new Refusal('REAUTHENTICATION_REQUIRED');
  if (users.length === 0 || users.length > maxUsers) throw new Refusal('BAD_USER_INPUT', { fields: [wrongNumber()] });
  const id = newId(deps.clock.now());
  const run: ImportRun = { id, source, onConflict, isDryRun, defaultRole: 'USER', invite: false, lockTimeoutMs: null };
  const refused = await refusedUsers(deps, caller, run, users);
  const imported = (
    await importBatch(
      deps,
      caller,
      run,
      users.filter((user) => !refused.has(user)),
    )
  ).values();
  const results = users.map((user) => (refused.has(user) ? null : imported.next().value) ?? refusedRow(user));
  await recordEnd(deps, caller, run, countResults(results));
  const found = isDryRun
    ? []
    : await usersById(
        deps,
        results.flatMap(({ userId }) => userId ?? []),
      );
  const accounts = new Map(found.flatMap((user) => (user ? [[user.id, user]] : [])));
  return results.map(({ userId, ...result }, index) => ({
    ...result,
    externalId: users[index]?.externalId ?? '',
    user: userId === null ? null : (accounts.get(userId) ?? null),
  }));
}

/** The users that the hook `beforeInvite` refuses. @throws Refusal SERVICE_UNAVAILABLE */
async function refusedUsers(
  deps: ImportDeps,
  caller: Caller,
  { isDryRun: dryRun, defaultRole }: ImportRun,
  users: readonly ImportRow[],
): Promise<ReadonlySet<ImportRow>> {
  const refused = new Set<ImportRow>();
  if (!deps.hooks.has('beforeInvite')) return refused;
  const ask = async (user: ImportRow) => {
    const { displayName = null, role } = user;
    const invited = { email: normaliseEmail(user.email) ?? user.email, displayName, role: role ?? defaultRole };
    try {
      await askBeforeInvite(deps, caller, invited, { dryRun });
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'REFUSED_BY_POLICY') throw error;
      refused.add(user);
    }
  };
  for (let first = 0; first < users.length; first += askedAtOnce)
    await Promise.all(users.slice(first, first + askedAtOnce).map(ask));
  return refused;
}

function refusedRow({ externalId }: ImportRow): RowResult {
  return { externalId, outcome: 'FAILED', userId: null, reason: 'REFUSED_BY_POLICY', warnings: [] };
}

function wrongNumber() {
  return { path: 'input.users', code: 'WRONG_NUMBER', message: `Send 1 to ${maxUsers} users.` };
}
