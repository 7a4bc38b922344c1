/** The profile of a user: name and language, and the language of mails. */
import { describe, expect, test } from 'vitest';
import { goodPassword, newAddress, refusal, type SignedIn, signIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  ChangePasswordDocument,
  RegisterDocument,
  UpdateProfileDocument,
  type UpdateProfileInput,
  VerifyEmailDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { auditTrail } from '../support/people/audit.ts';
import { createUser } from '../support/people/password-attempts.ts';

const gateway = useGateway();

const newSession = async () => signIn(gateway, await createUser(gateway));
const update = async ({ accessToken }: SignedIn, input: UpdateProfileInput) =>
  (await gateway.send(UpdateProfileDocument, { input }, accessToken)).updateProfile.viewer;

async function rowOf({ viewer }: SignedIn) {
  const [row] = await gateway.database.query<{ name: string | null; locale: string | null }>(
    'select display_name as name, locale from users where id = $1',
    [viewer.id],
  );
  return row;
}

describe('updateProfile', () => {
  test('changes given fields, keeps absent ones, and clears null or empty ones', async () => {
    const session = await newSession();
    expect(await update(session, { displayName: ' Ada ', locale: 'de' })).toMatchObject({
      displayName: 'Ada',
      locale: 'de',
    });
    expect(await update(session, { displayName: 'Ada L.' })).toMatchObject({ displayName: 'Ada L.', locale: 'de' });
    expect(await update(session, { locale: 'de-AT' })).toMatchObject({ displayName: 'Ada L.', locale: 'de-AT' });
    expect(await update(session, {})).toMatchObject({ displayName: 'Ada L.', locale: 'de-AT' });
    expect(await update(session, { displayName: null })).toMatchObject({ displayName: null, locale: 'de-AT' });
    expect(await update(session, { displayName: 'Ada', locale: '' })).toMatchObject({
      displayName: 'Ada',
      locale: null,
    });
    expect(await rowOf(session)).toEqual({ name: 'Ada', locale: null });
  });

  test('is recorded with the changed fields, without their values', async () => {
    const session = await newSession();
    await update(session, { displayName: 'Planted Name', locale: 'de' });
    const own = (await auditTrail(gateway.database, 'user.updated')).filter(
      ({ actorId }) => actorId === session.viewer.id,
    );
    expect(own).toMatchObject([{ sessionId: session.session.id, details: { fields: ['displayName', 'locale'] } }]);
  });

  test.each([
    ['an unknown locale', { locale: 'not a language' }, ['input.locale']],
    ['a locale that is too long', { locale: 'sl-Latn-IT-rozaj-biske-nedis-solba-1994' }, ['input.locale']],
    ['a name that is too long', { displayName: 'x'.repeat(101) }, ['input.displayName']],
    ['both', { locale: '…', displayName: '\u0000' }, ['input.displayName', 'input.locale']],
  ])('refuses %s, and changes nothing', async (_what, input, paths) => {
    const session = await newSession();
    await update(session, { displayName: 'Ada', locale: 'de' });
    const { code, extensions } = await refusal(update(session, input));
    expect(code).toBe('BAD_USER_INPUT');
    expect(extensions.fields).toMatchObject(paths.map((path) => ({ path })));
    expect(await rowOf(session)).toEqual({ name: 'Ada', locale: 'de' });
  });
});

describe('the language', () => {
  test('of a registration is that of its mails and of the account', async () => {
    const email = newAddress();
    const input = { email, password: goodPassword, locale: 'de' };
    await gateway.send(RegisterDocument, { input });
    const mail = await gateway.mail.take(email);
    expect(mail.html).toContain('lang="de"');
    await gateway.send(VerifyEmailDocument, { input: { token: tokenIn(mail) } });
    expect(await rowOf(await signIn(gateway, email))).toMatchObject({ locale: 'de' });
    await gateway.send(RegisterDocument, { input: { ...input, locale: 'en' } });
    expect((await gateway.mail.take(email)).html).toContain('lang="de"');
  });

  test('of a profile is that of later mails', async () => {
    const email = await createUser(gateway);
    const session = await signIn(gateway, email);
    await update(session, { locale: 'de' });
    const change = { currentPassword: goodPassword, newPassword: 'Marble 8 galaxies' };
    await gateway.send(ChangePasswordDocument, { input: change }, session.accessToken);
    expect((await gateway.mail.take(email)).html).toContain('lang="de"');
  });

  test('of a registration is bad input when it is unknown', async () => {
    const input = { email: newAddress(), password: goodPassword, locale: 'not a language' };
    const { code, extensions } = await refusal(gateway.send(RegisterDocument, { input }));
    expect(code).toBe('BAD_USER_INPUT');
    expect(extensions.fields).toMatchObject([{ path: 'input.locale' }]);
  });
});
