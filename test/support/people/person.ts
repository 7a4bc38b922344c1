/** A user as an actor, with a first session. */
import type { TestGateway } from '../gateway/gateway.ts';
import { createUser } from './password-attempts.ts';
import { openSession, type Session } from './session.ts';

export interface Person extends Session {
  email: string;
  /** Starts another session. */
  signIn(password?: string): Promise<Session>;
}

export async function createPerson(gateway: TestGateway): Promise<Person> {
  const email = await createUser(gateway);
  const first = await openSession(gateway, email);
  return { ...first, email, signIn: (password) => openSession(gateway, email, password) };
}
