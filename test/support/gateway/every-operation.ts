/**
 * A journey through every operation of the schema, each of them done as it should be: what was sent, what came back, and
 * which secrets were handed over on the way.
 */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import type { ParsedMail } from 'mailparser';
import * as documents from '../generated/graphql.ts';
import { secretsIn } from '../leaks/secret-fields.ts';
import { tokenIn } from '../mail/mail-server.ts';
import { subjects } from '../people/address-change.ts';
import { codeAt, periodSeconds } from '../people/authenticator.ts';
import { SoftwareAuthenticator } from '../people/software-authenticator.ts';
import { type Answer, answerOf } from './answer.ts';
import { bearer, type TestGateway } from './gateway.ts';

export interface Exchange {
  body: { query: string; variables: object };
  headers: Record<string, string>;
  answer: Answer;
}

export interface Journey {
  exchanges: Exchange[];
  mails: ParsedMail[];
  /** Of the administrator, whose session lives on. */
  admin: Record<string, string>;
}

export const journeyPasswords = {
  first: 'Planted-1 good lantern',
  second: 'Planted-2 other lantern',
  third: 'Planted-3 third lantern',
  admin: 'Planted-4 admin lantern',
  fourth: 'Planted-5 fourth lantern',
};

const adaAddress = 'ada@planted.example';
const app = 'https://app.example.com';

/** @param routerSecret of the gateway, which needs CORS_ORIGINS with https://app.example.com */
export async function takeJourney(gateway: TestGateway, routerSecret: string): Promise<Journey> {
  const { first, second, third, fourth } = journeyPasswords;
  const exchanges: Exchange[] = [];
  const mails: ParsedMail[] = [];

  async function drive<Result, Variables extends object>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
    headers: Record<string, string> = {},
  ): Promise<{ data: Result; answer: Answer }> {
    // New tokens have another time in them, and codes another period.
    gateway.clock.travel(1);
    const body = { query: print(document), variables };
    const answer = await answerOf(gateway.post(body, headers));
    exchanges.push({ body, headers, answer });
    if (answer.errors.length > 0) throw new Error(`${body.query}\n${answer.text}`);
    const { data }: { data: Result } = JSON.parse(answer.text);
    return { data, answer };
  }

  async function mailTo(to: string, subject: string): Promise<string> {
    const mail = await gateway.mail.take(to, subject);
    mails.push(mail);
    return tokenIn(mail);
  }

  async function newUser(email: string, password: string): Promise<void> {
    await drive(documents.RegisterDocument, { input: { email, password, displayName: 'Keeper of the light' } });
    await mailTo(email, 'Confirm your e-mail address');
    await drive(documents.ResendVerificationEmailDocument, { input: { email } });
    const token = await mailTo(email, 'Confirm your e-mail address');
    await drive(documents.VerifyEmailDocument, { input: { token } });
  }

  async function login(email: string, password: string, headers: Record<string, string> = {}) {
    const { data } = await drive(documents.BeginLoginDocument, { input: { email, password } }, headers);
    if (data.login.__typename !== 'AuthSession') throw new Error('the answer is a challenge');
    return { ...data.login, headers: bearer(data.login.accessToken) };
  }

  async function challenge(password: string): Promise<string> {
    const { data } = await drive(documents.BeginLoginDocument, { input: { email: adaAddress, password } });
    if (data.login.__typename !== 'MfaChallenge') throw new Error('there is no challenge');
    return data.login.ticket;
  }

  async function browserSession(): Promise<void> {
    const input = { email: adaAddress, password: first, delivery: 'COOKIE' } as const;
    const { data, answer } = await drive(documents.BeginLoginDocument, { input }, { origin: app });
    if (data.login.__typename !== 'AuthSession') throw new Error('the answer is a challenge');
    const cookie = answer.headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0])
      .join('; ');
    const headers = { cookie, origin: app, 'x-csrf-token': data.login.csrfToken ?? '' };
    await drive(documents.RefreshDocument, { input: {} }, headers);
    await drive(documents.LogoutDocument, { input: {} }, headers);
  }

  async function sessions(): Promise<void> {
    const [one, other] = [await login(adaAddress, first), await login(adaAddress, first)];
    const { data } = await drive(documents.RefreshDocument, { input: { refreshToken: one.refreshToken } });
    const headers = bearer(data.refresh.accessToken);
    await drive(documents.ReauthenticateDocument, { input: { password: first } }, headers);
    await drive(documents.ViewerDocument, {}, headers);
    await drive(documents.PasswordPolicyDocument, {});
    await drive(documents.SessionsDocument, {}, headers);
    await drive(documents.SecurityEventsDocument, {}, headers);
    await drive(documents.UpdateProfileDocument, { input: { displayName: 'Keeper' } }, headers);
    await drive(documents.RevokeSessionDocument, { input: { id: other.session.id } }, headers);
    await drive(documents.RevokeOtherSessionsDocument, { input: {} }, headers);
    await drive(documents.LogoutDocument, { input: {} }, headers);
    await login(adaAddress, first, { 'user-agent': 'A browser that nobody knows', 'x-device-token': 'none' });
    await drive(documents.DisownSessionDocument, {
      input: { token: await mailTo(adaAddress, 'A new sign-in to your account') },
    });
    // The report ends the password as well.
    const token = await mailTo(adaAddress, 'Reset your password');
    await drive(documents.ResetPasswordDocument, { input: { token, newPassword: third } });
  }

  /** @returns what the app shows, each time a period later */
  async function setUpApp(headers: Record<string, string>): Promise<() => string> {
    const { data } = await drive(documents.BeginTotpEnrollmentDocument, {}, headers);
    const code = () => {
      gateway.clock.travel(periodSeconds);
      return codeAt(data.beginTotpEnrollment.secret, new Date(gateway.clock.now().getTime() + 1000));
    };
    await drive(documents.ConfirmTotpEnrollmentDocument, { input: { code: code() } }, headers);
    return code;
  }

  async function secondFactors(): Promise<void> {
    const { headers } = await login(adaAddress, second);
    const code = await setUpApp(headers);
    const ticket = await challenge(second);
    const { data: signedIn } = await drive(documents.VerifyMfaDocument, {
      input: { ticket, code: code(), method: 'TOTP' },
    });
    const strong = bearer(signedIn.verifyMfa.accessToken);
    await drive(documents.MfaDocument, {}, strong);
    const { data: codes } = await drive(documents.RegenerateBackupCodesDocument, { input: { code: code() } }, strong);
    const [backupCode = ''] = codes.regenerateBackupCodes.backupCodes;
    const input = { ticket: await challenge(second), code: backupCode, method: 'BACKUP_CODE' } as const;
    await drive(documents.VerifyMfaDocument, { input });
    await passkeys(strong);
    await drive(documents.DisableTotpDocument, { input: { code: code() } }, strong);
  }

  async function passkeys(headers: Record<string, string>): Promise<void> {
    const key = new SoftwareAuthenticator();
    const { data: offer } = await drive(documents.BeginPasskeyRegistrationDocument, {}, headers);
    const response = key.register(offer.beginPasskeyRegistration.options);
    const input = { response, name: 'Key ring' };
    const { data } = await drive(documents.ConfirmPasskeyRegistrationDocument, { input }, headers);
    const { data: question } = await drive(documents.BeginPasskeyLoginDocument, { input: {} });
    const signature = key.sign(question.beginPasskeyLogin.options);
    await drive(documents.LoginWithPasskeyDocument, { input: { response: signature } });
    await drive(documents.PasskeysDocument, {}, headers);
    await confirmedPasskey(headers);
    const { id } = data.confirmPasskeyRegistration.passkey;
    await drive(documents.RenamePasskeyDocument, { input: { id, name: 'Renamed key' } }, headers);
    await drive(documents.RemovePasskeyDocument, { input: { id } }, headers);
  }

  /** A passkey that is added after the account's first day has a mail to confirm. */
  async function confirmedPasskey(headers: Record<string, string>): Promise<void> {
    const firstDay = "update users set created_at = created_at - interval '1 day' where email = $1";
    await gateway.database.query(firstDay, [adaAddress]);
    const { data: offer } = await drive(documents.BeginPasskeyRegistrationDocument, {}, headers);
    const response = new SoftwareAuthenticator().register(offer.beginPasskeyRegistration.options);
    const input = { response, name: 'Late key' };
    const { data } = await drive(documents.ConfirmPasskeyRegistrationDocument, { input }, headers);
    const token = await mailTo(adaAddress, 'Confirm your new passkey');
    await drive(documents.ConfirmPasskeyDocument, { input: { token } });
    const { id } = data.confirmPasskeyRegistration.passkey;
    await drive(documents.RemovePasskeyDocument, { input: { id } }, headers);
  }

  async function passwords(): Promise<void> {
    const { headers } = await login(adaAddress, third);
    await drive(documents.ChangePasswordDocument, { input: { currentPassword: third, newPassword: fourth } }, headers);
    await drive(documents.RequestPasswordResetDocument, { input: { email: adaAddress } });
    const token = await mailTo(adaAddress, 'Reset your password');
    await drive(documents.ResetPasswordDocument, { input: { token, newPassword: second } });
  }

  async function leaving(): Promise<void> {
    const { headers } = await login(adaAddress, second);
    const newEmail = 'ada.new@planted.example';
    await drive(documents.RequestEmailChangeDocument, { input: { newEmail } }, headers);
    const token = await mailTo(newEmail, subjects.confirm);
    await drive(documents.ConfirmEmailChangeDocument, { input: { token } }, headers);
    await drive(documents.ExportMyDataDocument, { input: {} }, headers);
    await drive(documents.DeleteAccountDocument, { input: { password: second } }, headers);
  }

  async function administration(headers: Record<string, string>): Promise<void> {
    const email = 'ina@planted.example';
    const created = await drive(documents.CreateUserDocument, { input: { email, role: 'USER' } }, headers);
    const userId = created.data.createUser.user.id;
    const token = await mailTo(email, 'You are invited');
    await drive(documents.ResetPasswordDocument, { input: { token, newPassword: first } });
    await setUpApp((await login(email, first)).headers);
    const input = { userId, reason: 'ticket 7' };
    await drive(documents.SetUserRoleDocument, { input: { ...input, role: 'MODERATOR' } }, headers);
    for (const document of [
      documents.SuspendUserDocument,
      documents.ReactivateUserDocument,
      documents.UnlockUserDocument,
      documents.ResetUserMfaDocument,
      documents.RevokeUserSessionsDocument,
      documents.SendPasswordResetDocument,
      documents.DeleteUserDocument,
      documents.RestoreUserDocument,
    ] as const)
      await drive<unknown, { input: { userId: string; reason: string } }>(document, { input }, headers);
    await mailTo(email, 'Reset your password');
    const role = { name: 'AUDITOR', rank: 30, permissions: ['audit:read'] };
    await drive(documents.CreateRoleDocument, { input: role }, headers);
    await drive(documents.UpdateRoleDocument, { input: { name: role.name, rank: 35 } }, headers);
    await drive(documents.DeleteRoleDocument, { input: { name: role.name } }, headers);
    await drive(documents.ManagedUserDocument, { id: userId }, headers);
    await drive(documents.UsersWithAllDocument, { first: 20 }, headers);
    await drive(documents.RolesDocument, {}, headers);
    await drive(documents.AuditEntriesDocument, { first: 100 }, headers);
    await drive(documents.AuditIntegrityDocument, {}, headers);
    await drive(documents.SecurityOverviewDocument, {}, headers);
    await asRouter(userId);
  }

  async function asRouter(userId: string): Promise<void> {
    const headers = { 'router-authorization': routerSecret };
    for (const body of [
      { query: '{ _service { sdl } }', variables: {} },
      {
        query: 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { id displayName } } }',
        variables: { of: [{ __typename: 'User', id: userId }] },
      },
    ]) {
      const answer = await answerOf(gateway.post(body, headers));
      exchanges.push({ body, headers, answer });
      if (answer.errors.length > 0) throw new Error(answer.text);
    }
  }

  const root = 'root@planted.example';
  await newUser(root, journeyPasswords.admin);
  await gateway.database.query(`update users set role_name = 'SUPER_ADMIN' where email = $1`, [root]);
  await newUser(adaAddress, first);
  await browserSession();
  await sessions();
  await passwords();
  await secondFactors();
  await leaving();
  const { headers: admin } = await login(root, journeyPasswords.admin);
  await administration(admin);
  return { exchanges, mails, admin };
}

/** Of all answers, with the answer that handed each over. */
export function handedOver(exchanges: readonly Exchange[]): Map<string, Exchange[]> {
  const secrets = new Map<string, Exchange[]>();
  for (const exchange of exchanges) {
    for (const secret of secretsIn(exchange.answer)) secrets.set(secret, [...(secrets.get(secret) ?? []), exchange]);
  }
  return secrets;
}
