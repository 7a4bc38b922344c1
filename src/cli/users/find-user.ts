/** Finds the user that an argument names. */
import { listUsers as findUsers, type ManagedUser, usersById } from '../../domain/administration/users.ts';
import type { Unit } from '../../domain/transaction.ts';
import { UsageError } from '../terminal.ts';

/** @param text the e-mail address or the id @throws UsageError */
export async function findUser(unit: Unit, text: string): Promise<ManagedUser> {
  const [byId] = await usersById(unit, [text]);
  if (byId) return byId;
  const email = text.trim().normalize('NFKC').toLowerCase();
  const order = { field: 'EMAIL', direction: 'ASC' } as const;
  // The address itself sorts before longer addresses that begin with it.
  const [first] = email.includes('@') ? (await findUsers(unit, { first: 1 }, { email }, order)).nodes : [];
  if (first?.email === email) return first;
  throw new UsageError('user not found: enter the full e-mail address or the id ("postern users list" shows both)');
}
