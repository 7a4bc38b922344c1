/** The audit entries of a run. */
import type { ImportCounts } from '../../audit/actions.ts';
import type { Caller } from '../../caller.ts';
import { transact, type Unit } from '../../transaction.ts';
import type { ImportRun } from './run.ts';

export function recordStart(unit: Unit, caller: Caller, { id: importId, source, isDryRun: dryRun }: ImportRun) {
  return transact<void>(unit, caller, async ({ audit }) => {
    audit({ action: 'import.started', details: { importId, source, dryRun } });
  });
}

export function recordEnd(
  unit: Unit,
  caller: Caller,
  { id: importId, source, isDryRun: dryRun }: ImportRun,
  counts: ImportCounts,
) {
  return transact<void>(unit, caller, async ({ audit }) => {
    audit({ action: 'import.finished', details: { importId, source, dryRun, ...counts } });
  });
}
