/** Writes the rows of a batch: the accounts with their secrets, where they came from, audit entries and invitations. */
import {
  insertBackupCodes,
  insertIdentities,
  insertOrigins,
  insertPasskeys,
  insertTotpSecrets,
  insertUsers,
  type NewIdentity,
  type NewImportedUser,
} from '../../../persistence/accounts/import.ts';
import { Registration } from '../../../persistence/accounts/registration.ts';
import { newId } from '../../ids.ts';
import type { Transaction } from '../../transaction.ts';
import type { CheckedRow } from './check-row.ts';
import { inviteUsers } from './invite.ts';
import type { ImportWarning, RowResult } from './row.ts';
import type { ImportDeps, ImportRun, PlannedRow } from './run.ts';
import { secretMark } from './secret-mark.ts';

interface NewAccount {
  planned: PlannedRow;
  user: NewImportedUser;
  warnings: ImportWarning[];
  keepsBackupCodes: boolean;
}

type Results = (readonly [PlannedRow, RowResult])[];

/** @returns no result for those whose address was taken meanwhile */
export async function writeUsers(
  deps: ImportDeps,
  transaction: Transaction,
  run: ImportRun,
  planned: readonly PlannedRow[],
): Promise<Results> {
  const { tx, now, audit } = transaction;
  const wanted = planned.map((each) => accountOf(deps, each, now));
  const made = await insertUsers(
    tx,
    wanted.map(({ user }) => user),
  );
  const created = wanted.filter(({ user }) => made.has(user.id));
  if (created.length === 0) return [];
  await tx.nativeDelete(Registration, { email: { $in: created.map(({ user }) => user.email) } });
  await insertOrigins(
    tx,
    created.map(({ user, planned: { row } }) => originOf(run, row, user.id, now)),
  );
  await insertSecrets(deps, transaction, created);
  for (const { user } of created) {
    const details = { role: user.roleName, through: 'import', importId: run.id } as const;
    audit({ action: 'user.created', target: { type: 'user', id: user.id }, details });
  }
  const invited = run.invite ? created.filter(({ user }) => user.passwordHash === null) : [];
  const withheld = await inviteUsers(
    deps,
    transaction,
    invited.map(({ user }) => user),
  );
  for (const { user, warnings } of invited) if (withheld.has(user.id)) warnings.push('INVITATION_WITHHELD');
  return created.map(({ planned: each, user, warnings }) => [each, resultOf(each.row, 'CREATED', user.id, warnings)]);
}

function accountOf(deps: ImportDeps, planned: PlannedRow, now: Date): NewAccount {
  const { row } = planned;
  const { email, displayName, locale, role: roleName, isSuspended, passwordHash } = row;
  const isProven = row.emailVerified || deps.settings.emailVerification === 'off';
  const hasFactor = row.totpSecret !== null || row.passkeys.length > 0;
  const hasCodes = (row.postern?.backupCodes.length ?? 0) > 0;
  const keepsBackupCodes = hasCodes && hasFactor && row.postern?.secretMark === secretMark(deps.keyRing);
  return {
    planned,
    keepsBackupCodes,
    warnings: [
      ...row.warnings,
      ...(passwordHash !== null && !isProven ? (['PASSWORD_NOT_IMPORTED'] as const) : []),
      ...(hasCodes && !keepsBackupCodes ? (['BACKUP_CODES_NOT_IMPORTED'] as const) : []),
    ],
    user: {
      id: row.postern?.id ?? newId(now),
      ...{ email, displayName, locale, roleName },
      emailVerifiedAt: row.emailVerified ? now : null,
      // A password proves nothing about the mailbox: the invitation does.
      passwordHash: isProven ? passwordHash : null,
      status: isSuspended ? 'SUSPENDED' : isProven ? 'ACTIVE' : 'INVITED',
      suspendedAt: isSuspended ? now : null,
      mfaEnabledAt: hasFactor ? now : null,
      createdAt: row.createdAt !== null && row.createdAt < now ? row.createdAt : now,
      updatedAt: now,
    },
  };
}

async function insertSecrets(
  deps: ImportDeps,
  { tx, now }: Transaction,
  created: readonly NewAccount[],
): Promise<void> {
  const entries = created.map(({ planned: { row }, user: { id: userId }, ...rest }) => ({ ...rest, row, userId }));
  await insertIdentities(
    tx,
    entries.flatMap(({ row, userId }) => identitiesOf(row, userId, now)),
  );
  await insertTotpSecrets(
    tx,
    entries.flatMap(({ row: { totpSecret }, userId }) => {
      if (totpSecret === null) return [];
      const secretSealed = deps.sealer.seal(Buffer.from(totpSecret), userId);
      return [{ userId, secretSealed, lastStep: 0, createdAt: now, confirmedAt: now }];
    }),
  );
  await insertPasskeys(
    tx,
    entries.flatMap(({ row, userId }) =>
      row.passkeys.map(({ transports, ...passkey }) => {
        return { ...passkey, transports: [...transports], id: newId(now), userId, createdAt: now };
      }),
    ),
  );
  await insertBackupCodes(
    tx,
    entries.flatMap(({ row, userId, keepsBackupCodes }) => {
      const hashes = keepsBackupCodes ? (row.postern?.backupCodes ?? []) : [];
      return hashes.map((hash) => ({ id: newId(now), userId, codeHash: Buffer.from(hash, 'hex'), createdAt: now }));
    }),
  );
}

/** The new identity, and the place of the user in the source, of an account that exists. Nothing else of it changes. */
export async function linkUsers(
  { tx, now, audit }: Transaction,
  run: ImportRun,
  planned: readonly PlannedRow[],
): Promise<Results> {
  const linked = planned.flatMap((each) => (each.account ? [{ each, userId: each.account.userId }] : []));
  await insertOrigins(
    tx,
    linked.map(({ each, userId }) => originOf(run, each.row, userId, now)),
  );
  await insertIdentities(
    tx,
    linked.flatMap(({ each, userId }) => identitiesOf(each.row, userId, now)),
  );
  for (const { each, userId } of linked) {
    for (const { provider } of each.row.identities) {
      const details = { provider: provider.slug, through: 'import' } as const;
      audit({ action: 'identity.linked', target: { type: 'user', id: userId }, details });
    }
  }
  return linked.map(({ each, userId }) => [each, resultOf(each.row, 'LINKED', userId, each.row.warnings)]);
}

function identitiesOf({ identities }: CheckedRow, userId: string, now: Date): NewIdentity[] {
  return identities.map(({ provider, subject, email }) => {
    return { id: newId(now), userId, providerId: provider.id, issuer: provider.issuer, subject, email, linkedAt: now };
  });
}

function originOf({ source, id: importId }: ImportRun, { externalId }: CheckedRow, userId: string, now: Date) {
  return { source, externalId, userId, importId, importedAt: now };
}

function resultOf(
  { externalId }: CheckedRow,
  outcome: 'CREATED' | 'LINKED',
  userId: string,
  warnings: readonly ImportWarning[],
): RowResult {
  return { externalId, outcome, userId, reason: null, warnings: [...warnings] };
}
