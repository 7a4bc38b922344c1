/** Users of another system, for imports. */
import bcrypt from 'bcrypt';
import { newAddress, type TestGateway } from '../gateway/gateway.ts';
import type { ImportUserInput } from '../generated/graphql.ts';
import { ImportUsersDocument, type ImportUsersInput } from '../generated/graphql.ts';

export const oldPassword = 'my OLD passw0rd there';
/** Cheap: the cost is no part of what these tests show. */
const bcryptCost = 4;

let made = 0;

/** With a verified address and a password of the other system. */
export async function importedUser(changes: Partial<ImportUserInput> = {}): Promise<ImportUserInput> {
  made += 1;
  const externalId = `old-${made}`;
  const passwordHash = await bcrypt.hash(oldPassword, bcryptCost);
  return { externalId, email: newAddress(), emailVerified: true, passwordHash, ...changes };
}

export async function importUsers(
  gateway: TestGateway,
  accessToken: string,
  users: readonly ImportUserInput[],
  options: Partial<Omit<ImportUsersInput, 'users'>> = {},
) {
  const { importUsers } = await gateway.send(
    ImportUsersDocument,
    { input: { users: [...users], ...options } },
    accessToken,
  );
  return importUsers.results;
}

export async function storedHash(gateway: TestGateway, email: string): Promise<string | null> {
  const rows = await gateway.database.query<{ hash: string | null }>(
    'select password_hash as hash from users where email = $1',
    [email],
  );
  return rows[0]?.hash ?? null;
}
