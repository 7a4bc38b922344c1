/**
 * Runs every operation of the schema with success: its requests, its responses, and the secrets that the responses
 * returned.
 */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import type { ParsedMail } from 'mailparser';
import * as documents from '../generated/graphql.ts';
import { secretsIn } from '../leaks/secret-fields.ts';
import { tokenIn } from '../mail/mail-server.ts';
import { subjects } from '../people/address-change.ts';
import { codeAt, periodSeconds } from '../people/authenticator.ts';
import { callBack } from '../people/federated.ts';
import { codeIn, confirmationSubject, signInSubject } from '../people/mail-codes.ts';
import { SoftwareAuthenticator } from '../people/software-authenticator.ts';
import { until } from '../races/until.ts';
import type { FakeProvider } from '../servers/fake-provider.ts';
import type { TwilioServer } from '../servers/twilio-server.ts';
import { type Answer, answerOf } from './answer.ts';
import { bearer, type TestGateway } from './gateway.ts';

export interface Exchange {
  body: { query: string; variables: object };
  headers: Record<string, string>;
  answer: Answer;
}

export interface OperationRun {
  exchanges: Exchange[];
  mails: ParsedMail[];
  /** Of the administrator, whose session stays valid. */
  admin: Record<string, string>;
}

export const runPasswords = {
  first: 'Planted-1 good lantern',
  second: 'Planted-2 other lantern',
  third: 'Planted-3 third lantern',
  admin: 'Planted-4 admin lantern',
  fourth: 'Planted-5 fourth lantern',
  /** Not a password: the secret of a provider that the administrator adds. */
  provider: 'Planted-6 client secret',
};

const adaAddress = 'ada@planted.example';
/** bcrypt, of a password of another system. */
export const plantedHash = '$2b$04$WAEsUH1/Ih3QDmYfouQGEun.ImFcXVjgyK0IeoOeAa/k0ZbG5UtqW';
export const plantedNumber = '+4915128347561';
const app = 'https://app.example.com';

/**
 * @param routerSecret the secret of the gateway, which needs CORS_ORIGINS with https://app.example.com
 * @param provider the gateway's first identity provider, of the kind GOOGLE with the client `planted-client`
 * @param twilio the gateway's sender of text messages
 */
export async function runEveryOperation(
  gateway: TestGateway,
  routerSecret: string,
  provider: FakeProvider,
  twilio: TwilioServer,
): Promise<OperationRun> {
  const { first, second, third, fourth } = runPasswords;
  const exchanges: Exchange[] = [];
  const mails: ParsedMail[] = [];

  async function runOperation<Result, Variables extends object>(
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
    await runOperation(documents.RegisterDocument, { input: { email, password, displayName: 'Keeper of the light' } });
    await mailTo(email, 'Confirm your e-mail address');
    await runOperation(documents.ResendVerificationEmailDocument, { input: { email } });
    const token = await mailTo(email, 'Confirm your e-mail address');
    await runOperation(documents.VerifyEmailDocument, { input: { token } });
  }

  async function login(email: string, password: string, headers: Record<string, string> = {}) {
    const { data } = await runOperation(documents.BeginLoginDocument, { input: { email, password } }, headers);
    if (data.login.__typename !== 'AuthSession') throw new Error('the answer is a challenge');
    return { ...data.login, headers: bearer(data.login.accessToken) };
  }

  async function challenge(password: string): Promise<string> {
    const { data } = await runOperation(documents.BeginLoginDocument, { input: { email: adaAddress, password } });
    if (data.login.__typename !== 'MfaChallenge') throw new Error('there is no challenge');
    return data.login.ticket;
  }

  async function browserSession(): Promise<void> {
    const input = { email: adaAddress, password: first, delivery: 'COOKIE' } as const;
    const { data, answer } = await runOperation(documents.BeginLoginDocument, { input }, { origin: app });
    if (data.login.__typename !== 'AuthSession') throw new Error('the answer is a challenge');
    const cookie = answer.headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0])
      .join('; ');
    const headers = { cookie, origin: app, 'x-csrf-token': data.login.csrfToken ?? '' };
    await runOperation(documents.FullRefreshDocument, { input: {} }, headers);
    await runOperation(documents.LogoutDocument, { input: {} }, headers);
  }

  async function sessions(): Promise<void> {
    const [one, other] = [await login(adaAddress, first), await login(adaAddress, first)];
    const { data } = await runOperation(documents.FullRefreshDocument, { input: { refreshToken: one.refreshToken } });
    const headers = bearer(data.refresh.accessToken);
    await runOperation(documents.FullReauthenticateDocument, { input: { password: first } }, headers);
    await runOperation(documents.FullViewerDocument, {}, headers);
    await runOperation(documents.PasswordPolicyDocument, {});
    await runOperation(documents.CaptchaDocument, { action: 'REGISTER' });
    await runOperation(documents.FullSessionsDocument, {}, headers);
    await runOperation(documents.FullSecurityEventsDocument, {}, headers);
    await runOperation(documents.UpdateProfileDocument, { input: { displayName: 'Keeper' } }, headers);
    await runOperation(documents.RevokeSessionDocument, { input: { id: other.session.id } }, headers);
    await runOperation(documents.RevokeOtherSessionsDocument, { input: {} }, headers);
    await runOperation(documents.LogoutDocument, { input: {} }, headers);
    await login(adaAddress, first, { 'user-agent': 'An unknown browser', 'x-device-token': 'none' });
    await runOperation(documents.DisownSessionDocument, {
      input: { token: await mailTo(adaAddress, 'A new sign-in to your account') },
    });
    // The report invalidates the password as well.
    const token = await mailTo(adaAddress, 'Reset your password');
    await runOperation(documents.ResetPasswordDocument, { input: { token, newPassword: third } });
  }

  /** @returns the code of the app, each time one period later */
  async function setUpApp(headers: Record<string, string>): Promise<() => string> {
    const { data } = await runOperation(documents.BeginTotpEnrollmentDocument, { input: {} }, headers);
    const code = () => {
      gateway.clock.travel(periodSeconds);
      return codeAt(data.beginTotpEnrollment.secret, new Date(gateway.clock.now().getTime() + 1000));
    };
    await runOperation(documents.ConfirmTotpEnrollmentDocument, { input: { code: code() } }, headers);
    return code;
  }

  async function secondFactors(): Promise<void> {
    const { headers } = await login(adaAddress, second);
    const code = await setUpApp(headers);
    const ticket = await challenge(second);
    const { data: signedIn } = await runOperation(documents.FullVerifyMfaDocument, {
      input: { ticket, code: code(), method: 'TOTP' },
    });
    const strong = bearer(signedIn.verifyMfa.accessToken);
    await runOperation(documents.MfaDocument, {}, strong);
    const { data: codes } = await runOperation(
      documents.RegenerateBackupCodesDocument,
      { input: { code: code() } },
      strong,
    );
    const [backupCode = ''] = codes.regenerateBackupCodes.backupCodes;
    const input = { ticket: await challenge(second), code: backupCode, method: 'BACKUP_CODE' } as const;
    await runOperation(documents.FullVerifyMfaDocument, { input });
    await passkeys(strong);
    await runOperation(documents.DisableTotpDocument, { input: { code: code() } }, strong);
  }

  async function passkeys(headers: Record<string, string>): Promise<void> {
    const key = new SoftwareAuthenticator();
    const { data: offer } = await runOperation(documents.BeginPasskeyRegistrationDocument, { input: {} }, headers);
    const response = key.register(offer.beginPasskeyRegistration.options);
    const input = { response, name: 'Key ring' };
    const { data } = await runOperation(documents.FullConfirmPasskeyRegistrationDocument, { input }, headers);
    const { data: question } = await runOperation(documents.BeginPasskeyLoginDocument, { input: {} });
    const signature = key.sign(question.beginPasskeyLogin.options);
    await runOperation(documents.FullLoginWithPasskeyDocument, { input: { response: signature } });
    await runOperation(documents.FullPasskeysDocument, {}, headers);
    await confirmedPasskey(headers);
    const { id } = data.confirmPasskeyRegistration.passkey;
    await runOperation(documents.FullRenamePasskeyDocument, { input: { id, name: 'Renamed key' } }, headers);
    await runOperation(documents.FullRemovePasskeyDocument, { input: { id } }, headers);
  }

  /** A passkey that is added after the account's first day needs a confirmation by mail. */
  async function confirmedPasskey(headers: Record<string, string>): Promise<void> {
    const firstDay = "update users set created_at = created_at - interval '1 day' where email = $1";
    await gateway.database.query(firstDay, [adaAddress]);
    const { data: offer } = await runOperation(documents.BeginPasskeyRegistrationDocument, { input: {} }, headers);
    const response = new SoftwareAuthenticator().register(offer.beginPasskeyRegistration.options);
    const input = { response, name: 'Late key' };
    const { data } = await runOperation(documents.FullConfirmPasskeyRegistrationDocument, { input }, headers);
    const token = await mailTo(adaAddress, 'Confirm your new passkey');
    await runOperation(documents.ConfirmPasskeyDocument, { input: { token } });
    const { id } = data.confirmPasskeyRegistration.passkey;
    await runOperation(documents.FullRemovePasskeyDocument, { input: { id } }, headers);
  }

  async function passwords(): Promise<void> {
    const { headers } = await login(adaAddress, third);
    await runOperation(
      documents.ChangePasswordDocument,
      { input: { currentPassword: third, newPassword: fourth } },
      headers,
    );
    await runOperation(documents.RequestPasswordResetDocument, { input: { email: adaAddress } });
    const token = await mailTo(adaAddress, 'Reset your password');
    await runOperation(documents.ResetPasswordDocument, { input: { token, newPassword: second } });
  }

  const kim = 'kim@planted.example';

  /** An ID token of Google's for a new user there. */
  function idTokenOf(subject: string, email: string, nonce: string): Promise<string> {
    const iat = Math.floor(gateway.clock.now().getTime() / 1000);
    const who = { iss: provider.url, aud: 'planted-client', sub: subject, email, email_verified: true, hd: 'x' };
    return provider.sign({ ...who, nonce, iat, exp: iat + 600 });
  }

  /** Visits the provider. @returns the code and the verifier */
  async function visit(
    providerId: string,
    purpose: documents.FederatedPurpose,
    [subject, email]: [string, string],
    headers: Record<string, string> = {},
  ): Promise<{ code: string; codeVerifier: string }> {
    const codeVerifier = randomBytes(32).toString('base64url');
    const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
    const input = { providerId, purpose, codeChallenge, returnTo: app };
    const { data } = await runOperation(documents.BeginFederatedLoginDocument, { input }, headers);
    const { state, nonce = '' } = Object.fromEntries(new URL(data.beginFederatedLogin.authorizationUrl).searchParams);
    const token = await idTokenOf(subject, email, nonce);
    provider.answers['/token'] = { access_token: 'planted-provider-token', token_type: 'bearer', id_token: token };
    const { fragment } = await callBack(gateway, `${app}/auth/callback/google?state=${state}&code=planted-code`);
    return { code: fragment.code ?? '', codeVerifier };
  }

  async function externalProviders(): Promise<void> {
    const { data: listed } = await runOperation(documents.FederatedProvidersDocument, {});
    const id = listed.federatedProviders[0]?.id ?? '';
    const signIn = await visit(id, 'SIGN_IN', ['one', kim]);
    const { data } = await runOperation(documents.CompleteFederatedLoginDocument, { input: signIn });
    if (data.completeFederatedLogin.__typename !== 'SignUpProposal') throw new Error('no proposal to sign up');
    const { ticket } = data.completeFederatedLogin;
    const { data: created } = await runOperation(documents.FinishFederatedSignUpDocument, { input: { ticket } });
    if (created.finishFederatedSignUp.__typename !== 'AuthSession') throw new Error('no session');
    const headers = bearer(created.finishFederatedSignUp.accessToken);
    await runOperation(documents.SetPasswordDocument, { input: { newPassword: first } }, headers);
    const linked = await visit(id, 'LINK', ['two', 'other@planted.example'], headers);
    const { data: link } = await runOperation(documents.LinkIdentityDocument, { input: linked }, headers);
    const identityId = link.linkIdentity.viewer.identities[1]?.id ?? '';
    await runOperation(documents.UnlinkIdentityDocument, { input: { identityId } }, headers);
    await runOperation(documents.IdentitiesDocument, {}, headers);
    await runOperation(documents.SignInMethodsDocument, {}, headers);
    const nonce = randomBytes(16).toString('hex');
    const input = { providerId: id, nonce, idToken: await idTokenOf('three', kim, nonce) };
    const { data: native } = await runOperation(documents.LoginWithIdTokenDocument, { input });
    if (native.loginWithIdToken.__typename !== 'LinkProposal') throw new Error('no proposal to link');
    const accepted = { ticket: native.loginWithIdToken.ticket, password: first };
    await runOperation(documents.AcceptLinkDocument, { input: accepted });
  }

  async function codes(): Promise<void> {
    const email = 'cleo@planted.example';
    await newUser(email, first);
    await runOperation(documents.EnabledMethodsDocument, {});
    const mailedCode = async (subject: string) => {
      const mail = await gateway.mail.take(email, subject);
      mails.push(mail);
      return codeIn(mail);
    };
    const { data } = await runOperation(documents.BeginCodeLoginDocument, { input: { email } });
    const answered = { flow: data.beginCodeLogin.flow, code: await mailedCode(signInSubject) };
    const { data: signedIn } = await runOperation(documents.FullCompleteCodeLoginDocument, { input: answered });
    if (signedIn.completeCodeLogin.__typename !== 'AuthSession') throw new Error('the answer is a challenge');
    const headers = bearer(signedIn.completeCodeLogin.accessToken);
    const { data: sent } = await runOperation(documents.BeginReauthenticationCodeDocument, {}, headers);
    const emailCode = { flow: sent.beginReauthenticationCode.flow, code: await mailedCode(confirmationSubject) };
    await runOperation(documents.FullReauthenticateDocument, { input: { emailCode } }, headers);
    await secondStepByMail(email);
  }

  /** As a rule demands one of a user without a factor: the ticket is that of a user who had one. */
  async function secondStepByMail(email: string): Promise<void> {
    const { headers, session } = await login(email, first);
    await setUpApp(headers);
    const { data } = await runOperation(documents.BeginLoginDocument, { input: { email, password: first } });
    if (data.login.__typename !== 'MfaChallenge') throw new Error('there is no challenge');
    const { ticket } = data.login;
    const userId = 'select user_id from token_families where id = $1';
    await gateway.database.query(`delete from totp_secrets where user_id = (${userId})`, [session.id]);
    await gateway.database.query(`update users set mfa_enabled_at = null where id = (${userId})`, [session.id]);
    await runOperation(documents.BeginMfaCodeDocument, { input: { ticket, method: 'EMAIL_CODE' } });
    const mail = await gateway.mail.take(email, confirmationSubject);
    mails.push(mail);
    const answered = { ticket, method: 'EMAIL_CODE', code: codeIn(mail) } as const;
    await runOperation(documents.FullVerifyMfaDocument, { input: answered });
  }

  async function phones(): Promise<void> {
    const email = 'pia@planted.example';
    await newUser(email, fourth);
    const { headers } = await login(email, fourth);
    const begin = { input: { number: plantedNumber } };
    const { data } = await runOperation(documents.BeginPhoneVerificationDocument, begin, headers);
    const { flow } = data.beginPhoneVerification;
    const input = { flow, code: await twilio.takeCode(plantedNumber), factor: false };
    const { data: confirmed } = await runOperation(documents.ConfirmPhoneDocument, { input }, headers);
    await runOperation(documents.PhonesDocument, {}, headers);
    await runOperation(documents.RemovePhoneDocument, { input: { id: confirmed.confirmPhone.phone.id } }, headers);
  }

  async function apiKeys(): Promise<void> {
    const email = 'eve@planted.example';
    await newUser(email, fourth);
    const { headers } = await login(email, fourth);
    const wanted = { name: 'nightly build', scopes: ['profile:write'], expiresIn: 3600 };
    const { data } = await runOperation(documents.CreateApiKeyDocument, { input: wanted }, headers);
    const { secret, apiKey } = data.createApiKey;
    const input = { id: apiKey.id };
    await runOperation(documents.CallingMachineDocument, {}, bearer(secret));
    const rotated = await runOperation(documents.RotateApiKeyDocument, { input }, headers);
    await runOperation(documents.CallingMachineDocument, {}, bearer(rotated.data.rotateApiKey.secret));
    await runOperation(documents.UpdateApiKeyDocument, { input: { ...input, name: 'deployment' } }, headers);
    await runOperation(documents.OwnApiKeysDocument, {}, headers);
    await runOperation(documents.RevokeApiKeyDocument, { input }, headers);
  }

  async function leaving(): Promise<void> {
    const { headers } = await login(adaAddress, second);
    const newEmail = 'ada.new@planted.example';
    await runOperation(documents.RequestEmailChangeDocument, { input: { newEmail } }, headers);
    const token = await mailTo(newEmail, subjects.confirm);
    await runOperation(documents.ConfirmEmailChangeDocument, { input: { token } }, headers);
    await runOperation(documents.ExportMyDataDocument, { input: {} }, headers);
    await runOperation(documents.DeleteAccountDocument, { input: { password: second } }, headers);
  }

  async function administration(headers: Record<string, string>): Promise<void> {
    const email = 'ina@planted.example';
    const created = await runOperation(documents.CreateUserDocument, { input: { email, role: 'USER' } }, headers);
    const userId = created.data.createUser.user.id;
    const token = await mailTo(email, 'You are invited');
    await runOperation(documents.PasswordLinkDocument, { token });
    await runOperation(documents.ResetPasswordDocument, { input: { token, newPassword: first } });
    await setUpApp((await login(email, first)).headers);
    const input = { userId, reason: 'ticket 7' };
    await runOperation(documents.SetUserRoleDocument, { input: { ...input, role: 'MODERATOR' } }, headers);
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
      await runOperation<unknown, { input: { userId: string; reason: string } }>(document, { input }, headers);
    await mailTo(email, 'Reset your password');
    const role = { name: 'AUDITOR', rank: 30, permissions: ['audit:read'] };
    await runOperation(documents.CreateRoleDocument, { input: role }, headers);
    await runOperation(documents.UpdateRoleDocument, { input: { name: role.name, rank: 35 } }, headers);
    await runOperation(documents.DeleteRoleDocument, { input: { name: role.name } }, headers);
    await providerAdministration(headers);
    await runOperation(documents.ManagedUserDocument, { id: userId }, headers);
    await runOperation(documents.UsersWithAllDocument, { first: 20 }, headers);
    await runOperation(documents.RolesDocument, {}, headers);
    await runOperation(documents.PermissionsDocument, {}, headers);
    await runOperation(documents.SettingsDocument, {}, headers);
    await runOperation(documents.SigningKeysDocument, {}, headers);
    await runOperation(documents.RotateSigningKeysDocument, { input: { reason: 'ticket 8' } }, headers);
    await runOperation(documents.AuditEntriesDocument, { first: 100 }, headers);
    await runOperation(documents.AuditIntegrityDocument, {}, headers);
    await runOperation(documents.SecurityOverviewDocument, {}, headers);
    await runOperation(documents.ExplainAccessDocument, { userId, operation: 'viewer' }, headers);
    await runOperation(documents.RiskNumbersDocument, {}, headers);
    await runOperation(documents.ForgetHabitsDocument, { input: { userId } }, headers);
    const imported = { externalId: 'planted-1', email: 'ida@planted.example', emailVerified: true };
    const users = [{ ...imported, passwordHash: plantedHash }];
    await runOperation(documents.ImportUsersDocument, { input: { users } }, headers);
    await serviceAccounts(headers);
    await webhooks(headers);
    await asRouter(userId);
  }

  async function providerAdministration(headers: Record<string, string>): Promise<void> {
    const added = { slug: 'added', kind: 'OIDC', displayName: 'Added', issuer: 'http://127.0.0.1:9' } as const;
    const client = { clientId: 'planted-client', clientSecret: runPasswords.provider };
    const { data } = await runOperation(
      documents.CreateFederatedProviderDocument,
      { input: { ...added, ...client } },
      headers,
    );
    const { id } = data.createFederatedProvider.provider.provider;
    const change = { id, clientSecret: runPasswords.provider, displayName: 'Changed' };
    await runOperation(documents.UpdateFederatedProviderDocument, { input: change }, headers);
    await runOperation(documents.TestFederatedProviderDocument, { input: { id } }, headers);
    await runOperation(documents.ManagedFederatedProvidersDocument, {}, headers);
    await runOperation(documents.DeleteFederatedProviderDocument, { input: { id } }, headers);
  }

  async function serviceAccounts(headers: Record<string, string>): Promise<void> {
    const wanted = { name: 'robot', role: 'USER' };
    const { data } = await runOperation(documents.CreateServiceAccountDocument, { input: wanted }, headers);
    const { id } = data.createServiceAccount.serviceAccount;
    const jwks = { keys: [generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })] };
    await runOperation(documents.SetServiceAccountJwksDocument, { input: { id, jwks } }, headers);
    const made = await runOperation(documents.CreateClientSecretDocument, { input: { serviceAccountId: id } }, headers);
    await runOperation(documents.ServiceAccountsDocument, {}, headers);
    await runOperation(documents.OneServiceAccountDocument, { id }, headers);
    const secretId = made.data.createClientSecret.clientSecret.id;
    await runOperation(documents.RevokeClientSecretDocument, { input: { id: secretId } }, headers);
    await runOperation(documents.SuspendServiceAccountDocument, { input: { id } }, headers);
    await runOperation(documents.ReactivateServiceAccountDocument, { input: { id } }, headers);
    await runOperation(documents.DeleteServiceAccountDocument, { input: { id } }, headers);
  }

  async function webhooks(headers: Record<string, string>): Promise<void> {
    await runOperation(documents.EventTypesDocument, {}, headers);
    const wanted: documents.CreateWebhookInput = { url: 'http://127.0.0.1:9/', events: ['ROLE_CREATED'] };
    const { data } = await runOperation(documents.CreateWebhookDocument, { input: wanted }, headers);
    const { id } = data.createWebhook.webhook;
    await runOperation(documents.WebhooksDocument, {}, headers);
    await runOperation(documents.UpdateWebhookDocument, { input: { id, description: 'planted' } }, headers);
    await runOperation(documents.RotateWebhookSecretDocument, { input: { id } }, headers);
    const sent = await runOperation(documents.SendTestEventDocument, { input: { webhookId: id } }, headers);
    await until('the first attempt', async () => {
      const found = await runOperation(documents.WebhookDocument, { id }, headers);
      return found.data.webhook?.deliveries.nodes[0]?.status === 'FAILED';
    });
    const deliveryId = sent.data.sendTestEvent.delivery.id;
    await runOperation(documents.RedeliverDocument, { input: { deliveryId } }, headers);
    await runOperation(documents.DeleteWebhookDocument, { input: { id } }, headers);
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
  await newUser(root, runPasswords.admin);
  await gateway.database.query(`update users set role_name = 'SUPER_ADMIN' where email = $1`, [root]);
  await newUser(adaAddress, first);
  await browserSession();
  await sessions();
  await passwords();
  await secondFactors();
  await externalProviders();
  await codes();
  await phones();
  await apiKeys();
  await leaving();
  const { headers: admin } = await login(root, runPasswords.admin);
  await administration(admin);
  return { exchanges, mails, admin };
}

/** The secrets of all responses, each with the response that returned it. */
export function secretsReturned(exchanges: readonly Exchange[]): Map<string, Exchange[]> {
  const secrets = new Map<string, Exchange[]>();
  for (const exchange of exchanges) {
    for (const secret of secretsIn(exchange.answer)) secrets.set(secret, [...(secrets.get(secret) ?? []), exchange]);
  }
  return secrets;
}
