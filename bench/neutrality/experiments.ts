/** The pairs of requests that must take equally long. */
import { keys, renewedKey } from './keys.ts';

/** The smallest limit: every measured lockout needs that many failures before it. */
export const lockoutFailures = 3;
/** Mails of a kind to one address (mail/outbox.ts). */
const mailsAnHour = 3;
const codeSent = '{"beginCodeLogin":{"channel":"EMAIL","resendAfter":60}}';
const accepted = '{"requestPasswordReset":{"accepted":true}}';
export const password = 'Wander 7 lanterns';
const wrongCode = '1234567x';

export const operations = {
  login:
    'mutation Login($input: LoginInput!) { login(input: $input) { __typename ... on AuthSession { accessToken } } }',
  register: 'mutation Register($input: RegisterInput!) { register(input: $input) { status } }',
  reset: 'mutation Reset($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { accepted } }',
  beginCode: 'mutation Code($input: BeginCodeLoginInput!) { beginCodeLogin(input: $input) { channel resendAfter } }',
  code: 'mutation Code($input: CompleteCodeLoginInput!) { completeCodeLogin(input: $input) { __typename } }',
  beginFlow: 'mutation Code($input: BeginCodeLoginInput!) { beginCodeLogin(input: $input) { flow } }',
  beginPhone:
    'mutation Phone($input: BeginPhoneVerificationInput!) { beginPhoneVerification(input: $input) { channel resendAfter } }',
  machine: 'query Machine { machine { name } }',
  verify: 'mutation Verify($input: VerifyEmailInput!) { verifyEmail(input: $input) { verified } }',
};

export interface Side {
  label: string;
  /** Every sample has a separate address or key, so that no counter affects it. */
  address(sample: number): string;
}

export interface Experiment {
  name: string;
  query: string;
  /** @param address of the side, or the flow of `begin` */
  input(address: string): object;
  /** Whether a signed-in user sends it. */
  isSignedIn?: boolean;
  /** An operation before each sample, outside of its time. `input` gets the flow of its answer in place of the address. */
  begin?: { query: string; input(address: string): object };
  /** How the key is presented. */
  headers?(key: string): Record<string, string>;
  sides: readonly [Side, Side];
  /** The expected response: other responses would not compare the two sides. */
  expected: string;
  /** An operation that one side sends before the samples. */
  prepare?: { query: string; input(email: string): object; side: 0 | 1 };
  /** The number of equal requests before it, so that the measured one locks, or exceeds the limit of mails. */
  earlier?: number;
}

export const experiments: readonly Experiment[] = [
  {
    name: 'login, wrong password',
    query: operations.login,
    input: (email) => ({ email, password: `${password}?` }),
    sides: [
      { label: 'known', address: (sample) => `known-${sample}@example.com` },
      { label: 'unknown', address: (sample) => `nobody-${sample}@example.com` },
    ],
    expected: 'INVALID_CREDENTIALS',
  },
  {
    name: 'login, the failure that locks',
    query: operations.login,
    input: (email) => ({ email, password: `${password}?` }),
    sides: [
      { label: 'known', address: (sample) => `locks-${sample}@example.com` },
      { label: 'unknown', address: (sample) => `lacks-${sample}@example.com` },
    ],
    expected: 'INVALID_CREDENTIALS',
    earlier: lockoutFailures - 1,
  },
  {
    name: 'register',
    query: operations.register,
    input: (email) => ({ email, password }),
    sides: [
      { label: 'taken', address: (sample) => `taken-${sample}@example.com` },
      { label: 'free', address: (sample) => `vacant-${sample}@example.com` },
    ],
    expected: '{"register":{"status":"VERIFICATION_SENT"}}',
  },
  {
    name: 'requestPasswordReset',
    query: operations.reset,
    input: (email) => ({ email }),
    sides: [
      { label: 'known', address: (sample) => `reset-${sample}@example.com` },
      { label: 'unknown', address: (sample) => `ghost-${sample}@example.com` },
    ],
    expected: accepted,
  },
  {
    name: 'requestPasswordReset, pending',
    query: operations.reset,
    input: (email) => ({ email }),
    sides: [
      { label: 'pending', address: (sample) => `waiting-${sample}@example.com` },
      { label: 'unknown', address: (sample) => `absent-${sample}@example.com` },
    ],
    expected: accepted,
    prepare: { query: operations.register, input: (email) => ({ email, password }), side: 0 },
  },
  {
    name: 'requestPasswordReset, limited',
    query: operations.reset,
    input: (email) => ({ email }),
    sides: [
      { label: 'known', address: (sample) => `often-${sample}@example.com` },
      { label: 'unknown', address: (sample) => `never-${sample}@example.com` },
    ],
    expected: accepted,
    earlier: mailsAnHour,
  },
  {
    name: 'beginCodeLogin',
    query: operations.beginCode,
    input: (email) => ({ email }),
    sides: [
      { label: 'known', address: (sample) => `coded-${sample}@example.com` },
      { label: 'unknown', address: (sample) => `codes-${sample}@example.com` },
    ],
    expected: codeSent,
  },
  {
    name: 'beginCodeLogin, limited',
    query: operations.beginCode,
    input: (email) => ({ email }),
    sides: [
      { label: 'known', address: (sample) => `again-${sample}@example.com` },
      { label: 'unknown', address: (sample) => `anon-${sample}@example.com` },
    ],
    expected: codeSent,
    earlier: mailsAnHour,
  },
  {
    name: 'completeCodeLogin, wrong code',
    query: operations.code,
    begin: { query: operations.beginFlow, input: (email) => ({ email }) },
    input: (flow) => ({ flow, code: wrongCode }),
    sides: [
      { label: 'known', address: (sample) => `typed-${sample}@example.com` },
      { label: 'unknown', address: (sample) => `types-${sample}@example.com` },
    ],
    expected: 'INVALID_CREDENTIALS',
  },
  {
    name: 'requestPasswordReset, deleted',
    query: operations.reset,
    input: (email) => ({ email }),
    sides: [
      { label: 'deleted', address: (sample) => `gone-${sample}@example.com` },
      { label: 'unknown', address: (sample) => `none-${sample}@example.com` },
    ],
    expected: accepted,
  },
];

const phoneExperiments: readonly Experiment[] = [
  {
    name: 'beginPhoneVerification',
    query: operations.beginPhone,
    isSignedIn: true,
    input: (number) => ({ number }),
    sides: [
      { label: 'taken', address: takenNumberOf },
      { label: 'free', address: (sample) => numberOf(2_000_000 + sample) },
    ],
    expected: '{"beginPhoneVerification":{"channel":"SMS","resendAfter":60}}',
  },
];

/** The number that another user has verified. */
export function takenNumberOf(sample: number): string {
  return numberOf(1_000_000 + sample);
}

/** Mobile numbers of one prefix. */
function numberOf(serial: number): string {
  return `+491512${serial}`;
}

const ofKeys = (name: string, sides: readonly [Side, Side]): Experiment => ({
  name,
  query: operations.machine,
  input: () => ({}),
  headers: (key) => ({ authorization: `Bearer ${key}` }),
  sides,
  expected: 'UNAUTHENTICATED',
});
const unknownKey: Side = { label: 'unknown', address: (sample) => keys.unknown[sample]?.key ?? '' };
const wrongKey: Side = {
  label: 'wrong',
  address: (sample) => renewedKey(keys.known[sample]),
};
const revokedKey: Side = { label: 'revoked', address: (sample) => keys.revoked[sample]?.key ?? '' };
export const laterExperiments = [
  ...phoneExperiments,
  ofKeys('API key, wrong secret', [wrongKey, unknownKey]),
  ofKeys('API key, revoked', [revokedKey, unknownKey]),
];

export const withSilentMailServer: Experiment = {
  name: 'requestPasswordReset, SMTP silent',
  query: operations.reset,
  input: (email) => ({ email }),
  sides: [
    { label: 'known', address: (sample) => `quiet-${sample}@example.com` },
    { label: 'unknown', address: (sample) => `mute-${sample}@example.com` },
  ],
  expected: accepted,
};
