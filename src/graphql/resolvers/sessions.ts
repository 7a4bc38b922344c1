/** Signing in, staying signed in, signing out. */
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../context.ts';
import { AuthSession, LoginInput, LoginResult, LogoutInput, LogoutPayload, RefreshInput } from '../types/session.ts';

@Resolver()
export class SessionsResolver {
  @Mutation(() => LoginResult, {
    description:
      'Signs in. Errors: `INVALID_CREDENTIALS` (the same for an unknown address and a wrong password); with the right password `EMAIL_NOT_VERIFIED` and `ACCOUNT_SUSPENDED`; `BAD_USER_INPUT`, `SERVICE_BUSY`.',
  })
  login(
    @Arg('input', () => LoginInput, { description: 'Address and password.' }) input: LoginInput,
    @Ctx() { caller, services }: Context,
  ): Promise<typeof LoginResult> {
    return services.sessions.login(caller, input);
  }

  @Mutation(() => AuthSession, {
    description:
      'Exchanges the refresh token for the next pair of tokens. Sent twice within seconds (two tabs, a lost answer) it gives the same refresh token again; used later it means theft, and ends the session. Errors: `INVALID_REFRESH_TOKEN`: sign in again.',
  })
  refresh(
    @Arg('input', () => RefreshInput, { description: 'The token.' }) input: RefreshInput,
    @Ctx() { caller, services }: Context,
  ): Promise<AuthSession> {
    return services.sessions.refresh(caller, input.refreshToken);
  }

  @Mutation(() => LogoutPayload, {
    description:
      'Ends the session of the access token, and that of the refresh token when one is given. Both stop working at once. Errors: `UNAUTHENTICATED` when there is neither.',
  })
  async logout(
    @Arg('input', () => LogoutInput, { description: 'May be empty: `{}`.' }) input: LogoutInput,
    @Ctx() { caller, services }: Context,
  ): Promise<LogoutPayload> {
    return { revoked: await services.sessions.logout(caller, input.refreshToken) };
  }
}
