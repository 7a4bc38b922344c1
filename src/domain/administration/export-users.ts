/** Exports all users as lines of JSON, which `postern users import --from postern` reads. */
import { allowPauses, type ExportedUserRow, findUsersAfter } from '../../persistence/accounts/export.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import type { KeyRing } from '../../security/keys/key-ring.ts';
import type { Sealer } from '../../security/keys/sealing.ts';
import { operatorCaller } from '../operator.ts';
import { transact, type Unit } from '../transaction.ts';
import { secretMark } from './import/secret-mark.ts';

export interface ExportDeps extends Unit {
  settings: { passkeys: { rpId: string } };
  keyRing: KeyRing;
  sealer: Sealer;
}

export interface ExportOptions {
  /** Only users that were changed or signed in since; null: all. */
  since: Date | null;
  /** With what signs them in: hashes, secrets of authenticator apps, passkeys and backup codes. */
  withHashes: boolean;
}

const pageSize = 500;

/**
 * Reads one state of the database, and records the export before it returns the first line.
 * @param reading a replica that is caught up, or the primary
 * @returns whole lines, several at once
 */
export async function exportUsers(
  deps: ExportDeps,
  reading: EntityManager,
  { since, withHashes }: ExportOptions,
  write: (lines: string) => Promise<void>,
): Promise<number> {
  await transact<void>(deps, operatorCaller(), async ({ audit }) => {
    audit({ action: 'export.created', details: { withHashes, since: since?.toISOString() ?? null } });
  });
  const lineOf = (row: ExportedUserRow) => `${JSON.stringify(exported(deps, row, withHashes))}\n`;
  return reading.fork().transactional(
    async (tx) => {
      await allowPauses(tx);
      let rows = 0;
      let after: string | null = null;
      for (;;) {
        const page: ExportedUserRow[] = await findUsersAfter(tx, { after, since, limit: pageSize });
        await write(page.map(lineOf).join(''));
        rows += page.length;
        after = page.at(-1)?.id ?? null;
        if (page.length < pageSize) return rows;
      }
    },
    { isolationLevel: 'repeatable read', readOnly: true },
  );
}

function exported({ settings, keyRing, sealer }: ExportDeps, row: ExportedUserRow, withHashes: boolean) {
  const { passwordHash, totpSealed, passkeys, backupCodes, externalIds, createdAt, lastLoginAt, ...user } = row;
  const times = { createdAt: iso(createdAt), lastLoginAt: lastLoginAt && iso(lastLoginAt) };
  const visible = { ...user, ...times, ...(externalIds.length > 0 && { externalIds }) };
  if (!withHashes) return visible;
  const { rpId } = settings.passkeys;
  return {
    ...visible,
    passwordHash,
    totpSecret: totpSealed && sealer.unseal(totpSealed, row.id).toString(),
    passkeys: passkeys.map(({ credentialId, publicKey, ...rest }) => {
      return { ...rest, rpId, credentialId: toBase64Url(credentialId), publicKey: toBase64Url(publicKey) };
    }),
    ...(backupCodes.length > 0 && { backupCodes, secretMark: secretMark(keyRing) }),
  };
}

function iso(time: string): string {
  return new Date(time).toISOString();
}

function toBase64Url(base64: string): string {
  return Buffer.from(base64, 'base64').toString('base64url');
}
