/** What the parts of an import share. */
import type { TakenAddress } from '../../../persistence/accounts/import.ts';
import type { ForeignHashReader } from '../../../security/foreign-hashes/readers.ts';
import type { AccountDeps } from '../../accounts/deps.ts';
import type { AskedUsers } from './asked.ts';
import type { CheckedRow } from './check-row.ts';
import type { ImportConflict } from './row.ts';

export interface ImportRun {
  id: string;
  /** The namespace of external ids. */
  source: string;
  onConflict: ImportConflict;
  isDryRun: boolean;
  defaultRole: string;
  /** Mails those without a password a link to choose one. */
  invite: boolean;
  /** The longest wait for the locks of other imports, in milliseconds; null: as in any request. */
  lockTimeoutMs: number | null;
}

export interface ImportDeps extends AccountDeps {
  readForeignHash: ForeignHashReader;
  askedUsers: AskedUsers;
}

/** A row that will be written, and what its address belongs to. */
export interface PlannedRow {
  row: CheckedRow;
  /** Null: a new account. */
  account: TakenAddress | null;
}
