/** The account flow of the README from end to end. */
import { expect, test } from 'vitest';
import { goodPassword, refusal, withRefreshToken } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  FullLoginDocument,
  FullRefreshDocument,
  FullViewerDocument,
  LogoutDocument,
  RegisterDocument,
  VerifyEmailDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';

const gateway = useGateway();

test('a user registers, confirms, signs in, reads the account, refreshes and signs out', async () => {
  const email = 'ada@example.com';
  const registered = await gateway.send(RegisterDocument, {
    input: { email: ' Ada@Example.com ', password: goodPassword, displayName: 'Ada' },
  });
  expect(registered.register.status).toBe('VERIFICATION_SENT');

  const mail = await gateway.mail.take(email);
  expect(mail.text).toContain('https://app.example.com/verify-email#token=');
  const verified = await gateway.send(VerifyEmailDocument, { input: { token: tokenIn(mail) } });
  expect(verified.verifyEmail.verified).toBe(true);

  const { login } = await gateway.send(FullLoginDocument, { input: { email, password: goodPassword } });
  const first = withRefreshToken(login);
  expect(first).toMatchObject({
    __typename: 'AuthSession',
    expiresIn: 900,
    session: { current: true, methods: ['PASSWORD'] },
  });

  const { viewer } = await gateway.send(FullViewerDocument, {}, first.accessToken);
  expect(viewer).toMatchObject({ email, emailVerified: true, displayName: 'Ada', role: { name: 'USER', rank: 20 } });
  expect(viewer?.user).toEqual({ id: viewer?.id, displayName: 'Ada' });

  const { refresh } = await gateway.send(FullRefreshDocument, { input: { refreshToken: first.refreshToken } });
  expect(refresh.refreshToken).not.toBe(first.refreshToken);
  expect(refresh.session.id).toBe(first.session.id);

  const { logout } = await gateway.send(LogoutDocument, { input: {} }, refresh.accessToken);
  expect(logout.revoked).toBe(true);
  const error = await refusal(gateway.send(FullViewerDocument, {}, refresh.accessToken));
  expect(error).toMatchObject({ code: 'UNAUTHENTICATED', extensions: { reason: 'SESSION_REVOKED' } });
});
