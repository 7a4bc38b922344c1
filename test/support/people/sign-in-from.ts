/** Signs in from an address and a device of the test's choice. The gateway needs TRUSTED_PROXIES=127.0.0.1. */
import { print } from 'graphql';
import { goodPassword, type SignedIn, type TestGateway, withRefreshToken } from '../gateway/gateway.ts';
import { RiskyLoginDocument, type RiskyLoginMutation } from '../generated/graphql.ts';
import { addresses } from '../location/places.ts';

export interface Origin {
  ip?: string;
  deviceToken?: string | undefined;
  password?: string;
  headers?: Record<string, string>;
}

export const browserHeaders = {
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'accept-language': 'en',
};

interface LoginError {
  code: string;
  reason?: string;
}

export interface SignInOutcome {
  /** null: refused. */
  result: RiskyLoginMutation['login'] | null;
  error: LoginError | null;
}

/** As a browser does, unless the headers differ. */
export async function trySignInFrom(gateway: TestGateway, email: string, origin: Origin = {}): Promise<SignInOutcome> {
  const { ip = addresses.berlin, deviceToken, password = goodPassword, headers = {} } = origin;
  const body = { query: print(RiskyLoginDocument), variables: { input: { email, password } } };
  const response = await gateway.post(body, {
    ...browserHeaders,
    'x-forwarded-for': ip,
    ...(deviceToken !== undefined && { 'x-device-token': deviceToken }),
    ...headers,
  });
  const answer: { data?: RiskyLoginMutation | null; errors?: { extensions: LoginError }[] } = await response.json();
  return { result: answer.data?.login ?? null, error: answer.errors?.[0]?.extensions ?? null };
}

export type Device = SignedIn & { deviceToken: string };

/** @throws Error when the sign-in was refused, or needs a second step */
export async function signInFrom(gateway: TestGateway, email: string, origin: Origin = {}): Promise<Device> {
  const { result, error } = await trySignInFrom(gateway, email, origin);
  if (!result) throw new Error(`the sign-in was refused: ${JSON.stringify(error)}`);
  const session = withRefreshToken(result);
  if (!session.deviceToken) throw new Error('there is no device token in the answer');
  return { ...session, deviceToken: session.deviceToken };
}

/** Signs in so often, an hour apart, that the account is learned. @returns the device */
export async function settleIn(gateway: TestGateway, email: string, origin: Origin = {}): Promise<Device> {
  let device = await signInFrom(gateway, email, origin);
  for (let times = 1; times < 6; times += 1) {
    gateway.clock.travel(60 * 60);
    device = await signInFrom(gateway, email, { ...origin, deviceToken: device.deviceToken });
  }
  return device;
}
