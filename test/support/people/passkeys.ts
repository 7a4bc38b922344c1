/** Registers passkeys over the API, and signs in with them. */
import { goodPassword, type SignedIn, signIn, type TestGateway, withRefreshToken } from '../gateway/gateway.ts';
import {
  BeginPasskeyLoginDocument,
  BeginPasskeyRegistrationDocument,
  FullConfirmPasskeyRegistrationDocument,
  type FullConfirmPasskeyRegistrationMutation,
  FullLoginWithPasskeyDocument,
  type LoginWithPasskeyInput,
} from '../generated/graphql.ts';
import { createUser } from './password-attempts.ts';
import { type Overrides, SoftwareAuthenticator } from './software-authenticator.ts';

type Session = Pick<SignedIn, 'accessToken'>;
type Confirmed = FullConfirmPasskeyRegistrationMutation['confirmPasskeyRegistration'];

/** The options for the browser. */
export async function askRegistration(gateway: TestGateway, { accessToken }: Session) {
  const { beginPasskeyRegistration } = await gateway.send(BeginPasskeyRegistrationDocument, { input: {} }, accessToken);
  return beginPasskeyRegistration.options;
}

export async function confirmRegistration(
  gateway: TestGateway,
  { accessToken }: Session,
  response: Record<string, unknown>,
  name = 'Key ring',
): Promise<Confirmed> {
  const input = { response, name };
  return (await gateway.send(FullConfirmPasskeyRegistrationDocument, { input }, accessToken))
    .confirmPasskeyRegistration;
}

/** Both steps. */
export async function addPasskey(
  gateway: TestGateway,
  session: Session,
  key = new SoftwareAuthenticator(),
  overrides: Overrides = {},
): Promise<Confirmed & { key: SoftwareAuthenticator }> {
  const response = key.register(await askRegistration(gateway, session), overrides);
  return { ...(await confirmRegistration(gateway, session, response)), key };
}

/** The options for the browser. */
export async function askLogin(gateway: TestGateway, ticket?: string) {
  const input = ticket === undefined ? {} : { ticket };
  return (await gateway.send(BeginPasskeyLoginDocument, { input })).beginPasskeyLogin.options;
}

export async function finishLogin(
  gateway: TestGateway,
  response: Record<string, unknown>,
  wishes: Partial<LoginWithPasskeyInput> = {},
): Promise<SignedIn> {
  const { loginWithPasskey } = await gateway.send(FullLoginWithPasskeyDocument, { input: { response, ...wishes } });
  return withRefreshToken(loginWithPasskey);
}

/** Both steps. */
export async function signInByPasskey(
  gateway: TestGateway,
  key: SoftwareAuthenticator,
  { ticket, ...overrides }: Overrides & { ticket?: string } = {},
): Promise<SignedIn> {
  const response = key.sign(await askLogin(gateway, ticket), overrides);
  return finishLogin(gateway, response, ticket === undefined ? {} : { ticket });
}

export interface PasskeyUser {
  email: string;
  /** The session that set up the passkey. */
  session: SignedIn;
  passkeyId: string;
  key: SoftwareAuthenticator;
  backupCodes: string[];
}

/** Creates a user with a passkey. @param counter the first counter of the authenticator */
export async function passkeyUser(gateway: TestGateway, counter = 0): Promise<PasskeyUser> {
  const email = await createUser(gateway);
  const session = await signIn(gateway, email, goodPassword);
  const { passkey, backupCodes, key } = await addPasskey(gateway, session, new SoftwareAuthenticator(counter));
  return { email, session, passkeyId: passkey.id, key, backupCodes: backupCodes ?? [] };
}
