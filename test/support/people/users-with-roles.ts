/** Users of every role, signed in. */
import {
  goodPassword,
  lockoutOff,
  newAddress,
  registerUser,
  type SignedIn,
  signIn,
  type TestGateway,
} from '../gateway/gateway.ts';
import { RegisterDocument } from '../generated/graphql.ts';

/** Settings of a gateway for many users with frequent sign-ins. */
export const lockoutAndVerificationOff = { ...lockoutOff, EMAIL_VERIFICATION: 'off' };

export interface UserWithRole {
  id: string;
  email: string;
  accessToken: string;
  session: SignedIn;
}

/**
 * The gateway needs EMAIL_VERIFICATION=off, so that no mail is necessary.
 * @param role is written to the database directly, because no administrator can grant every role
 */
export async function createUserWithRole(
  gateway: TestGateway,
  role: string,
  displayName?: string,
): Promise<UserWithRole> {
  const email = newAddress();
  await gateway.send(RegisterDocument, { input: { email, password: goodPassword, displayName: displayName ?? null } });
  await gateway.database.query('update users set role_name = $2 where email = $1', [email, role]);
  const session = await signIn(gateway, email);
  return { id: session.viewer.id, email, accessToken: session.accessToken, session };
}

/** Registers a user with the mail of the gateway. @param role as above */
export async function registerUserWithRole(
  gateway: TestGateway,
  role: string,
  displayName: string | null = null,
): Promise<SignedIn & { email: string }> {
  const email = await registerUser(gateway, newAddress());
  const text = 'update users set display_name = $2, role_name = $3 where email = $1';
  await gateway.database.query(text, [email, displayName, role]);
  return { ...(await signIn(gateway, email)), email };
}

/** As `createRole` would create it. */
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
