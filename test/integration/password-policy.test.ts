/** The presets of the password policy in the API: lengths are counted in characters, in any Unicode form. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  goodPassword,
  newAddress,
  refusal,
  registerUser,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { ChangePasswordDocument, PasswordPolicyDocument, RegisterDocument } from '../support/generated/graphql.ts';

const start = 'Lantern-7 over marble ';
const ofLength = (length: number, filler = 'x') => start + filler.repeat(length - start.length);
/** Two code points that NFKC combines to one, and one that NFKC expands to two. */
const composed = 'e\u0301';
const ligature = '\uFB01';

describe.each(['classic', 'passphrase', 'nist'])('%s', (preset) => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ PASSWORD_POLICY: preset, EMAIL_VERIFICATION: 'off' });
  });
  afterAll(() => gateway.stop());

  async function register(password: string): Promise<string> {
    const email = newAddress();
    await gateway.send(RegisterDocument, { input: { email, password } });
    return email;
  }
  const problemsOf = async (password: string) => (await refusal(register(password))).extensions.fields;

  test('accepts 64 and 128 characters, and uses all of them', async () => {
    for (const length of [64, 128]) {
      const email = await register(ofLength(length));
      await signIn(gateway, email, ofLength(length));
      for (const almost of [ofLength(length - 1), `${ofLength(length - 1)}y`, ofLength(length + 1)])
        expect((await refusal(signIn(gateway, email, almost))).code).toBe('INVALID_CREDENTIALS');
    }
  });

  test('refuses 129 and more', async () => {
    for (const password of [ofLength(129), ofLength(129, '🦊'), ofLength(20_000)])
      expect(await problemsOf(password)).toMatchObject([{ path: 'input.password', code: 'TOO_LONG' }]);
  });

  test('counts the typed characters or those after NFKC, whichever are fewer', async () => {
    const shortened = start + composed.repeat(128 - start.length);
    expect([...shortened].length).toBeGreaterThan(200);
    const email = await register(shortened);
    await signIn(gateway, email, shortened.normalize('NFC'));
    expect(await problemsOf(`${shortened}x`)).toMatchObject([{ code: 'TOO_LONG' }]);
    const lengthened = start + ligature.repeat(54);
    expect([...lengthened].length).toBeLessThan(128);
    await signIn(gateway, await register(lengthened), lengthened);
    expect(await problemsOf(`${lengthened}${'x'.repeat(129 - [...lengthened].length)}`)).toMatchObject([
      { code: 'TOO_LONG' },
    ]);
  });

  test('returns its lengths to a form', async () => {
    const { passwordPolicy } = await gateway.send(PasswordPolicyDocument, {});
    const { minLength, maxLength, historySize } = passwordPolicy;
    expect({ maxLength, historySize }).toEqual({ maxLength: 128, historySize: 5 });
    const candidate = 'Qj7#vW2!mK9$xT4&hB6*zR8%';
    await register(candidate.slice(0, minLength));
    expect(await problemsOf(candidate.slice(0, minLength - 1))).toMatchObject([{ code: 'TOO_SHORT' }]);
  });
});

test('nist needs eight characters with a second factor, and fifteen without one', async () => {
  const gateway = await startTestGateway({ PASSWORD_POLICY: 'nist' });
  try {
    const email = await registerUser(gateway, newAddress(), goodPassword);
    const { accessToken, viewer } = await signIn(gateway, email);
    const change = (newPassword: string) =>
      gateway.send(ChangePasswordDocument, { input: { currentPassword: goodPassword, newPassword } }, accessToken);
    expect((await refusal(change('vjkkqzpl'))).extensions.fields).toMatchObject([{ code: 'TOO_SHORT' }]);
    await gateway.database.query('update users set mfa_enabled_at = now() where id = $1', [viewer.id]);
    await gateway.database.query(
      `insert into totp_secrets (user_id, secret_sealed, last_step, created_at, confirmed_at) values ($1, '', 0, now(), now())`,
      [viewer.id],
    );
    await gateway.database.query('update token_families set proven_totp_user_id = user_id where user_id = $1', [
      viewer.id,
    ]);
    expect((await refusal(change('vjkkqzp'))).extensions.fields).toMatchObject([{ code: 'TOO_SHORT' }]);
    await change('vjkkqzpl');
  } finally {
    await gateway.stop();
  }
});
