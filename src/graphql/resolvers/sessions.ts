/** Sessions: sign-in, refresh, list and revocation. */
import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver } from 'type-graphql';
import { reportNotMe } from '../../domain/accounts/recovery/report-not-me.ts';
import { importAtSignIn } from '../../domain/administration/import/import-at-sign-in.ts';
import { listSessions } from '../../domain/sessions/list.ts';
import { logout, revokeOtherSessions, revokeOwnSession } from '../../domain/sessions/own-sessions.ts';
import { refreshSession } from '../../domain/sessions/refresh.ts';
import { login } from '../../domain/sign-in/login.ts';
import { reauthenticate } from '../../domain/sign-in/reauthentication.ts';
import type { Context } from '../request/context.ts';
import { deliver, deliveryOfSession, takeLogoutToken, takeRefreshToken } from '../request/delivery.ts';
import { AuthSession, LoginInput, LoginResult, ReauthenticateInput, RefreshInput } from '../types/auth-session.ts';
import { toConnection } from '../types/connection.ts';
import {
  DisownSessionInput,
  DisownSessionPayload,
  LogoutInput,
  LogoutPayload,
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
    description: 'The active sessions of the user, newest first. Requires `sessions:own`.',
  })
  async sessions(
    @Ctx() { caller, unit }: Context,
    @Arg('first', () => Int, { nullable: true, description: 'The number of entries, 0 to 100. Default 20.' }) first?:
      | number
      | null,
    @Arg('after', () => String, { nullable: true, description: 'Return entries after this cursor.' }) after?:
      | string
      | null,
  ): Promise<SessionConnection> {
    return toConnection(await listSessions(unit, caller, { first, after }));
  }

  @Mutation(() => LoginResult, {
    description:
      'Signs in, or returns `MfaChallenge` when the account has a second factor. Errors: `FORBIDDEN` with the reason `METHOD_DISABLED` where passwords are disabled, and with the reason `LOCATION_NOT_ALLOWED` after the correct password in a country that the operator refuses; `INVALID_CREDENTIALS` for an unknown address and for a wrong password; `EMAIL_NOT_VERIFIED` and `ACCOUNT_SUSPENDED` with the correct password only; after too many failed attempts `TOO_MANY_ATTEMPTS` (for the account, on unknown devices) and `RATE_LIMITED` (for the client address), both with `retryAfter`; `CAPTCHA_REQUIRED` where a captcha is due: see the query `captcha`; `BAD_USER_INPUT`, `SERVICE_BUSY`.',
  })
  async login(
    @Arg('input', () => LoginInput, { description: 'The e-mail address and the password.' }) input: LoginInput,
    @Ctx() context: Context,
  ): Promise<typeof LoginResult> {
    const outcome = await login(context.unit, context.caller, input, importAtSignIn);
    await context.limits.giveBack('login');
    return 'ticket' in outcome ? outcome : deliver(outcome, outcome.delivery, context);
  }

  @Mutation(() => AuthSession, {
    description:
      'Exchanges the refresh token for the next pair of tokens. Repeated within the grace period (two tabs, a lost response) it returns the same refresh token again; any later replay revokes the session. Errors: `INVALID_REFRESH_TOKEN`: sign in again; `CSRF_FAILED` in cookie mode.',
  })
  async refresh(
    @Arg('input', () => RefreshInput, { description: 'The token.' }) input: RefreshInput,
    @Ctx() context: Context,
  ): Promise<AuthSession> {
    const { token, delivery } = takeRefreshToken(input.refreshToken, context);
    return deliver(await refreshSession(context.unit, context.caller, token), delivery, context);
  }

  @Mutation(() => AuthSession, {
    description:
      'Renews the authentication of this session, for operations that answer `REAUTHENTICATION_REQUIRED`. Returns new tokens with a new `auth_time`. In cookie mode send the request with the cookie (`credentials: "include"`); the next one is returned as a cookie too. After ten failed attempts it answers `TOO_MANY_ATTEMPTS` with `retryAfter`; sessions stay valid. Errors: `INVALID_CREDENTIALS` for a wrong password and a passkey that is not accepted, with the field code `PASSKEY_UNCONFIRMED` and `retryAfter` for a recently added passkey; `INVALID_MFA_CODE`, `MFA_NOT_ENABLED`, `BAD_USER_INPUT` without a proof and with several of password, passkey and provider, `INVALID_TOKEN` for the code of a provider, `SERVICE_BUSY`.',
  })
  async reauthenticate(
    @Arg('input', () => ReauthenticateInput, { description: 'The proof.' })
    input: ReauthenticateInput,
    @Ctx() context: Context,
  ): Promise<AuthSession> {
    const session = await reauthenticate(context.unit, context.caller, input);
    return deliver(session, deliveryOfSession(context), context);
  }

  @Mutation(() => LogoutPayload, {
    description:
      'Ends the session of the access token, and the session of the refresh token or cookie if present. Their tokens are rejected at once. Errors: `UNAUTHENTICATED` without any token; `CSRF_FAILED` for a request with only a cookie from an origin that is not allowed.',
  })
  async logout(
    @Arg('input', () => LogoutInput, { description: 'The options. May be empty: `{}`.' }) input: LogoutInput,
    @Ctx() context: Context,
  ): Promise<LogoutPayload> {
    const token = takeLogoutToken(input.refreshToken, context);
    const revoked = await logout(context.unit, context.caller, token);
    if (token !== null && token === context.cookies.refreshToken) context.cookies.forgetSession();
    return { revoked };
  }

  @Mutation(() => RevokeSessionPayload, {
    description:
      'Revokes one session of the signed-in user. Requires `sessions:own`. Errors: `NOT_FOUND`, also for sessions of other users.',
  })
  async revokeSession(
    @Arg('input', () => RevokeSessionInput, { description: 'The session.' }) input: RevokeSessionInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<RevokeSessionPayload> {
    return { revokedCount: await revokeOwnSession(unit, caller, input.id) };
  }

  @Mutation(() => RevokeOtherSessionsPayload, {
    description:
      'Revokes the other sessions of the signed-in user. The session of this request stays valid. Requires `sessions:own`.',
  })
  async revokeOtherSessions(
    @Arg('input', () => RevokeOtherSessionsInput, { description: 'The options. May be empty: `{}`.' })
    input: RevokeOtherSessionsInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<RevokeOtherSessionsPayload> {
    return { revokedCount: await revokeOtherSessions(unit, caller, input.signedInBefore ?? null) };
  }

  @Mutation(() => DisownSessionPayload, {
    description:
      '"This was not me": reverses the change that a security mail reported, without a sign-in. It revokes the session that made the change; for a changed address it revokes every session and restores the address. It removes second factors and backup codes that were added since that session began and revokes sessions that used them. The other sessions have to prove the second factor again, known devices are forgotten, and a password that the attacker knew or chose becomes invalid. A mail with a link to choose a new password is sent. Errors: `INVALID_TOKEN`.',
  })
  async disownSession(
    @Arg('input', () => DisownSessionInput, { description: 'The token.' }) input: DisownSessionInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<DisownSessionPayload> {
    return { revokedCount: await reportNotMe(unit, caller, input.token) };
  }
}
