/** DISPOSABLE_MAIL: addresses of services for temporary mailboxes. */
import { describe, expect, test } from 'vitest';
import { goodPassword, newAddress, refusal, signIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { RegisterDocument, RequestEmailChangeDocument, SessionRisksDocument } from '../support/generated/graphql.ts';

let serial = 0;
const temporary = (domain = 'mailinator.com') => {
  serial += 1;
  return `person${serial}@${domain}`;
};

const common = { EMAIL_VERIFICATION: 'off' };
const allowing = useGateway(common);
const verifying = useGateway({ ...common, DISPOSABLE_MAIL: 'verify' }, allowing);
const refusing = useGateway({ ...common, DISPOSABLE_MAIL: 'refuse' }, allowing);

const register = (gateway: typeof allowing, email: string) =>
  gateway.send(RegisterDocument, { input: { email, password: goodPassword } });

async function signalsAt(gateway: typeof allowing, email: string) {
  await register(allowing, email);
  const { accessToken } = await signIn(gateway, email);
  const { viewer } = await gateway.send(SessionRisksDocument, {}, accessToken);
  return viewer?.sessions.nodes[0]?.risk?.signals;
}

describe('with refuse', () => {
  const refused = (path: string) => ({
    code: 'BAD_USER_INPUT',
    extensions: { fields: [expect.objectContaining({ path, code: 'DISPOSABLE_ADDRESS' })] },
  });

  test.each(['mailinator.com', 'inbox.mailinator.com', 'MAILINATOR.com'])('%s cannot register', async (domain) => {
    const error = await refusal(register(refusing, temporary(domain)));
    expect(error).toMatchObject(refused('input.email'));
    expect(JSON.stringify(error)).not.toMatch(/mailinator/i);
  });

  test('an address cannot be changed to one', async () => {
    const email = newAddress();
    await register(refusing, email);
    const { accessToken } = await signIn(refusing, email);
    const input = { newEmail: temporary() };
    expect(await refusal(refusing.send(RequestEmailChangeDocument, { input }, accessToken))).toMatchObject(
      refused('input.newEmail'),
    );
  });

  test.each(['example.com', 'notmailinator.com.example.org'])('%s can register', async (domain) => {
    await register(refusing, temporary(domain));
  });

  test('an account that has such an address already can sign in', async () => {
    expect(await signalsAt(refusing, temporary())).toContain('DISPOSABLE_MAIL');
  });
});

test('with verify, such an address registers, and its sign-ins have the signal', async () => {
  await register(verifying, temporary());
  expect(await signalsAt(verifying, temporary())).toContain('DISPOSABLE_MAIL');
  expect(await signalsAt(verifying, newAddress())).not.toContain('DISPOSABLE_MAIL');
});

test('with allow, such an address has no signal', async () => {
  expect(await signalsAt(allowing, temporary())).not.toContain('DISPOSABLE_MAIL');
});
