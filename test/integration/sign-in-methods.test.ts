/** SIGN_IN_METHODS: a disabled method signs in nobody, whatever the account has. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goodPassword, newAddress, refusal } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  AcceptLinkDocument,
  BeginCodeLoginDocument,
  BeginFederatedLoginDocument,
  BeginPasskeyLoginDocument,
  EnabledMethodsDocument,
  FederatedProvidersDocument,
  FinishFederatedSignUpDocument,
  FullLoginDocument,
  LoginWithIdTokenDocument,
  LoginWithPasskeyDocument,
  RegisterDocument,
  SignInMethodsDocument,
} from '../support/generated/graphql.ts';
import { takeAll } from '../support/mail/mailbox.ts';
import { type ProvidersFile, writeProviders } from '../support/people/federated.ts';
import { completeCode, newVerifier, signInByCode } from '../support/people/mail-codes.ts';
import { createUser } from '../support/people/password-attempts.ts';

const provider = { slug: 'google', kind: 'GOOGLE', displayName: 'Google', clientId: 'app' };
const settings: Record<string, string> = { SIGN_IN_METHODS: 'email-code' };
let file: ProvidersFile;
beforeAll(async () => {
  file = await writeProviders([provider]);
  settings.FEDERATED_PROVIDERS = file.path;
});
afterAll(() => file.remove());

const usual = useGateway();
const codesOnly = useGateway(settings, usual);

const disabled = { code: 'FORBIDDEN', extensions: { reason: 'METHOD_DISABLED' } };
const { codeVerifier, codeChallenge } = newVerifier();

describe('a disabled method', () => {
  test('of the defaults is the mail code', async () => {
    const email = await createUser(usual);
    expect(await usual.send(EnabledMethodsDocument, {})).toEqual({
      signInMethods: ['PASSWORD', 'PASSKEY', 'FEDERATED'],
    });
    expect(await refusal(usual.send(BeginCodeLoginDocument, { input: { email } }))).toMatchObject(disabled);
    expect(await refusal(completeCode(usual, { flow: codeVerifier, code: '12345678' }))).toMatchObject(disabled);
    expect(await takeAll(usual, email)).toEqual([]);
  });

  test('is refused before the proof, and audited', async () => {
    const email = await createUser(usual);
    const calls = [
      () => codesOnly.send(FullLoginDocument, { input: { email, password: goodPassword } }),
      () => codesOnly.send(BeginPasskeyLoginDocument, { input: {} }),
      () => codesOnly.send(LoginWithPasskeyDocument, { input: { response: {} } }),
      () =>
        codesOnly.send(BeginFederatedLoginDocument, {
          input: { providerId: codeVerifier, returnTo: 'https://app.example.com', codeChallenge, purpose: 'SIGN_IN' },
        }),
      () => codesOnly.send(LoginWithIdTokenDocument, { input: { providerId: codeVerifier, idToken: 'x', nonce: 'x' } }),
      () => codesOnly.send(AcceptLinkDocument, { input: { ticket: codeVerifier, password: goodPassword } }),
      () => codesOnly.send(FinishFederatedSignUpDocument, { input: { ticket: codeVerifier } }),
    ];
    for (const call of calls) expect(await refusal(call())).toMatchObject(disabled);
    const rows = await usual.database.query(
      `select outcome from audit_entries where action = 'login.refused' and details->>'reason' = 'method_disabled'
       and outcome = 'DENIED'`,
    );
    expect(rows.length).toBeGreaterThanOrEqual(calls.length);
  });

  test('is no way in: neither of an account nor of the list of providers', async () => {
    const { accessToken } = await signInByCode(codesOnly, await createUser(usual));
    const { viewer } = await codesOnly.send(SignInMethodsDocument, {}, accessToken);
    expect(viewer).toEqual({ hasPassword: true, signInMethods: ['EMAIL_CODE'] });
    expect(await codesOnly.send(FederatedProvidersDocument, {})).toEqual({ federatedProviders: [] });
  });
});

test('register needs a password unless users can sign in by mail', async () => {
  const input = { email: newAddress() };
  expect((await refusal(usual.send(RegisterDocument, { input }))).extensions.fields).toEqual([
    { path: 'input.password', code: 'REQUIRED', message: 'Enter a password.' },
  ]);
  await expect(codesOnly.send(RegisterDocument, { input })).resolves.toEqual({
    register: { status: 'VERIFICATION_SENT' },
  });
});
