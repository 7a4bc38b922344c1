/** Imports users for administrators and programs: one batch. */
import { type Caller, isRecent } from '../../caller.ts';
import { Refusal } from '../../errors.ts';
import { newId } from '../../ids.ts';
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
/** The namespace of the external ids that the API is given. */
const source = 'api';

/** @returns a result for each user, in their order @throws Refusal UNAUTHENTICATED, REAUTHENTICATION_REQUIRED, BAD_USER_INPUT */
export async function importUsers(
  deps: ImportDeps,
  caller: Caller,
  { users, onConflict, dryRun: isDryRun }: ImportRequest,
): Promise<ImportedRow[]> {
  if (caller.viewer && !isRecent(caller.viewer.standing)) throw new Refusal('REAUTHENTICATION_REQUIRED');
  if (users.length === 0 || users.length > maxUsers) throw new Refusal('BAD_USER_INPUT', { fields: [wrongNumber()] });
  const id = newId(deps.clock.now());
  const run: ImportRun = { id, source, onConflict, isDryRun, defaultRole: 'USER', invite: false };
  const results = await importBatch(deps, caller, run, users);
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

function wrongNumber() {
  return { path: 'input.users', code: 'WRONG_NUMBER', message: `Send 1 to ${maxUsers} users.` };
}
