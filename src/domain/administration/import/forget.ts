/** Forgets which users came from a source. Their accounts stay. */
import { forgetOrigins } from '../../../persistence/accounts/import.ts';
import { operatorCaller } from '../../operator.ts';
import { transact, type Unit } from '../../transaction.ts';

/** @returns how many users */
export function forgetSource(unit: Unit, source: string): Promise<number> {
  return transact<number>(unit, operatorCaller(), async ({ tx, audit }) => {
    const users = await forgetOrigins(tx, source);
    audit({ action: 'import.forgotten', details: { source, users } });
    return users;
  });
}
