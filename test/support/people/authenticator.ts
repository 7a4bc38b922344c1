/** An authenticator app after RFC 6238 and RFC 4648 that shares no code with the gateway. */
import { createHmac } from 'node:crypto';
import { goodPassword, type SignedIn, signIn, type TestGateway, withRefreshToken } from '../gateway/gateway.ts';
import {
  BeginLoginDocument,
  BeginTotpEnrollmentDocument,
  ConfirmTotpEnrollmentDocument,
  FullVerifyMfaDocument,
  type LoginInput,
  type MfaMethod,
} from '../generated/graphql.ts';
import { createUser } from './password-attempts.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
export const periodSeconds = 30;

/** @param digits eight for the vectors of RFC 6238 */
export function codeAt(secret: string, now: Date, digits = 6): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now.getTime() / 1000 / periodSeconds)));
  const mac = createHmac('sha1', bytesOf(secret)).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits).padStart(digits, '0');
}

function bytesOf(base32: string): Buffer {
  const bits = [...base32].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** A user with an app. */
export interface Enrolled {
  email: string;
  /** The session that set up the app. */
  session: SignedIn;
  secret: string;
  backupCodes: string[];
  /** The current code of the app, or the code of so many periods later. */
  code(periods?: number): string;
}

/** Creates a user, signs in, sets up the app, and waits until the code of the enrolment has expired. */
export async function enrol(gateway: TestGateway, email?: string): Promise<Enrolled> {
  const address = email ?? (await createUser(gateway));
  const session = await signIn(gateway, address);
  const { beginTotpEnrollment: offer } = await gateway.send(
    BeginTotpEnrollmentDocument,
    { input: {} },
    session.accessToken,
  );
  const input = { code: codeAt(offer.secret, gateway.clock.now()) };
  const { confirmTotpEnrollment } = await gateway.send(ConfirmTotpEnrollmentDocument, { input }, session.accessToken);
  gateway.clock.travel(periodSeconds);
  return {
    email: address,
    session,
    secret: offer.secret,
    backupCodes: confirmTotpEnrollment.backupCodes,
    code: (periods = 0) =>
      codeAt(offer.secret, new Date(gateway.clock.now().getTime() + periods * periodSeconds * 1000)),
  };
}

/** A code that is wrong in the current and the adjacent periods. */
export function wrongCode({ code }: Pick<Enrolled, 'code'>): string {
  const near = [code(-1), code(0), code(1)];
  return ['000000', '111111', '222222', '333333'].find((guess) => !near.includes(guess)) ?? '';
}

/** The first step. @returns the challenge */
export async function challenge(gateway: TestGateway, email: string, wishes: Partial<LoginInput> = {}) {
  const input = { email, password: goodPassword, ...wishes };
  const { login } = await gateway.send(BeginLoginDocument, { input });
  if (login.__typename !== 'MfaChallenge') throw new Error(`expected a challenge, not ${login.__typename}`);
  return login;
}

/** The second step. */
export async function answer(gateway: TestGateway, ticket: string, code: string, method: MfaMethod = 'TOTP') {
  const { verifyMfa } = await gateway.send(FullVerifyMfaDocument, { input: { ticket, code, method } });
  return withRefreshToken(verifyMfa);
}

/** Both steps. */
export async function signInTwice(gateway: TestGateway, { email, code }: Enrolled, wishes: Partial<LoginInput> = {}) {
  return answer(gateway, (await challenge(gateway, email, wishes)).ticket, code());
}
