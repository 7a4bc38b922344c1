/** People of every rank, signed in. For gateways with EMAIL_VERIFICATION=off, where making them takes no mail. */
import { goodPassword, newAddress, type SignedIn, signIn, type TestGateway, unguarded } from '../gateway/gateway.ts';
import { RegisterDocument } from '../generated/graphql.ts';

/** The settings of gateways with many people who sign in often. */
export const crowded = { ...unguarded, EMAIL_VERIFICATION: 'off' };

export interface Person {
  id: string;
  email: string;
  accessToken: string;
  session: SignedIn;
}

/** @param role is given beside the gateway, as no administrator could always do */
export async function hire(gateway: TestGateway, role: string, displayName?: string): Promise<Person> {
  const email = newAddress();
  await gateway.send(RegisterDocument, { input: { email, password: goodPassword, displayName: displayName ?? null } });
  await gateway.database.query('update users set role_name = $2 where email = $1', [email, role]);
  const session = await signIn(gateway, email);
  return { id: session.viewer.id, email, accessToken: session.accessToken, session };
}

/** As `createRole` would make it. */
export async function insertRole(
  gateway: TestGateway,
  role: { name: string; rank: number; permissions: string[] },
): Promise<void> {
  await gateway.database.query('insert into roles (name, rank, permissions, system) values ($1, $2, $3, false)', [
    role.name,
    role.rank,
    role.permissions,
  ]);
}
