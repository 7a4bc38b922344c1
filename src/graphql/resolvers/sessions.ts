/** Signing in, staying signed in, seeing where, signing out. */
import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../request/context.ts';
import { deliver, deliveryOfSession, takeLogoutToken, takeRefreshToken } from '../request/delivery.ts';
import { toConnection } from '../types/connection.ts';
import {
  AuthSession,
  DisownSessionInput,
  DisownSessionPayload,
  LoginInput,
  LoginResult,
  LogoutInput,
  LogoutPayload,
  ReauthenticateInput,
  RefreshInput,
  RevokeOtherSessionsInput,
  RevokeOtherSessionsPayload,
  RevokeSessionInput,
  RevokeSessionPayload,
  SessionConnection,
} from '../types/session.ts';
import { Viewer } from '../types/viewer.ts';

@Resolver(() => Viewer)
export class SessionsResolver {
  @FieldResolver(() => SessionConnection, {
    description: 'The devices you are signed in with, newest first. Needs `sessions:own`.',
  })
  async sessions(
    @Ctx() { caller, services }: Context,
    @Arg('first', () => Int, { nullable: true, description: 'How many, 0 to 100. Default 20.' }) first?: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Behind this cursor.' }) after?: string | null,
  ): Promise<SessionConnection> {
    return toConnection(await services.sessions.list(caller, { first, after }));
  }

  @Mutation(() => LoginResult, {
    description:
      'Signs in, or asks for a second factor (`MfaChallenge`) where the account has one. Errors: `INVALID_CREDENTIALS` (the same for an unknown address and a wrong password); with the right password `EMAIL_NOT_VERIFIED` and `ACCOUNT_SUSPENDED`; after too many wrong ones `TOO_MANY_ATTEMPTS` (the account, on devices it does not know) and `RATE_LIMITED` (your address) with `retryAfter`; `BAD_USER_INPUT`, `SERVICE_BUSY`.',
  })
  async login(
    @Arg('input', () => LoginInput, { description: 'Address and password.' }) input: LoginInput,
    @Ctx() context: Context,
  ): Promise<typeof LoginResult> {
    const admitted = await context.services.signIns.login(context.caller, input);
    await context.limits.giveBack('login');
    return 'ticket' in admitted ? admitted : deliver(admitted, input.delivery, context);
  }

  @Mutation(() => AuthSession, {
    description:
      'Exchanges the refresh token for the next pair of tokens. Sent twice within seconds (two tabs, a lost answer) it gives the same refresh token again; used later it means theft, and ends the session. Errors: `INVALID_REFRESH_TOKEN`: sign in again; `CSRF_FAILED` in cookie mode.',
  })
  async refresh(
    @Arg('input', () => RefreshInput, { description: 'The token.' }) input: RefreshInput,
    @Ctx() context: Context,
  ): Promise<AuthSession> {
    const { token, delivery } = takeRefreshToken(input.refreshToken, context);
    return deliver(await context.services.sessions.refresh(context.caller, token), delivery, context);
  }

  @Mutation(() => AuthSession, {
    description:
      'Proves that it is still you, for what answers `REAUTHENTICATION_REQUIRED`: same session, new tokens, a fresh `auth_time`. In cookie mode send it with the cookie (`credentials: "include"`): the next one comes the same way. After ten wrong guesses `TOO_MANY_ATTEMPTS` with `retryAfter`; your sessions live on. Passkeys are not taken here: where a second factor is asked for and yours is a passkey, sign in again with it. Errors: `INVALID_CREDENTIALS` (the password), `INVALID_MFA_CODE`, `MFA_NOT_ENABLED`, `BAD_USER_INPUT` when neither is given, `SERVICE_BUSY`.',
  })
  async reauthenticate(
    @Arg('input', () => ReauthenticateInput, { description: 'Password, code or both.' }) input: ReauthenticateInput,
    @Ctx() context: Context,
  ): Promise<AuthSession> {
    const session = await context.services.reauthentications.reauthenticate(context.caller, input);
    return deliver(session, deliveryOfSession(context), context);
  }

  @Mutation(() => LogoutPayload, {
    description:
      'Ends the session of the access token, and that of the refresh token or cookie when there is one. All of them stop working at once. Errors: `UNAUTHENTICATED` when there is none; `CSRF_FAILED` when there is only a cookie and the origin is foreign.',
  })
  async logout(
    @Arg('input', () => LogoutInput, { description: 'May be empty: `{}`.' }) input: LogoutInput,
    @Ctx() context: Context,
  ): Promise<LogoutPayload> {
    const token = takeLogoutToken(input.refreshToken, context);
    const revoked = await context.services.sessions.logout(context.caller, token);
    if (token !== null && token === context.cookies.refreshToken) context.cookies.forgetSession();
    return { revoked };
  }

  @Mutation(() => RevokeSessionPayload, {
    description: 'Ends one of your sessions. Needs `sessions:own`. Errors: `NOT_FOUND`, also for sessions of others.',
  })
  async revokeSession(
    @Arg('input', () => RevokeSessionInput, { description: 'The session.' }) input: RevokeSessionInput,
    @Ctx() { caller, services }: Context,
  ): Promise<RevokeSessionPayload> {
    return { revokedCount: await services.sessions.revoke(caller, input.id) };
  }

  @Mutation(() => RevokeOtherSessionsPayload, {
    description: 'Ends your other sessions; the one you ask through lives on. Needs `sessions:own`.',
  })
  async revokeOtherSessions(
    @Arg('input', () => RevokeOtherSessionsInput, { description: 'May be empty: `{}`.' })
    input: RevokeOtherSessionsInput,
    @Ctx() { caller, services }: Context,
  ): Promise<RevokeOtherSessionsPayload> {
    return { revokedCount: await services.sessions.revokeOthers(caller, input.signedInBefore ?? null) };
  }

  @Mutation(() => DisownSessionPayload, {
    description:
      '"This was not me": takes back what a mail told of, without signing in. It ends the session that did it, or with a changed address every session, and brings the address back. It evicts the attacker: second factors and backup codes that were added since that session began are removed, sessions of these factors end, the other sessions have to prove the second factor again, known devices are forgotten, and a password that the attacker knew or chose stops working. It mails a link to choose a new password. Errors: `INVALID_TOKEN`.',
  })
  async disownSession(
    @Arg('input', () => DisownSessionInput, { description: 'The token.' }) input: DisownSessionInput,
    @Ctx() { caller, services }: Context,
  ): Promise<DisownSessionPayload> {
    return { revokedCount: await services.disownings.disown(caller, input.token) };
  }
}
