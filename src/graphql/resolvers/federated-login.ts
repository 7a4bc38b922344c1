/** Signing in and signing up with external providers. */
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { finishFederatedSignUp } from '../../domain/accounts/registration/federated-sign-up.ts';
import { beginFederatedLogin } from '../../domain/identities/begin.ts';
import { listProviders } from '../../domain/identities/find-provider.ts';
import { acceptLink } from '../../domain/sign-in/accept-link.ts';
import { completeFederatedLogin } from '../../domain/sign-in/federated-login.ts';
import { loginWithIdToken } from '../../domain/sign-in/id-token-login.ts';
import type { Context } from '../request/context.ts';
import { deliverFlow, deliverOutcome } from '../request/delivery.ts';
import { LoginResult } from '../types/auth-session.ts';
import {
  AcceptLinkInput,
  BeginFederatedLoginInput,
  BeginFederatedLoginPayload,
  CompleteFederatedLoginInput,
  FederatedLoginResult,
  FederatedSignUpResult,
  FinishFederatedSignUpInput,
  LoginWithIdTokenInput,
} from '../types/federated-login.ts';
import { FederatedProvider } from '../types/federated-provider.ts';

@Resolver()
export class FederatedLoginResolver {
  @Query(() => [FederatedProvider], {
    description:
      'The providers that users can sign in with, those of the operator first, then those of administrators, each in its order. Public.',
  })
  federatedProviders(@Ctx() { unit }: Context): Promise<FederatedProvider[]> {
    return listProviders(unit);
  }

  @Mutation(() => BeginFederatedLoginPayload, {
    description:
      'Starts a sign-in with a provider. Open `authorizationUrl` in the browser; it returns to `returnTo` with `code` and `flow` in the fragment (in the query for a custom scheme), or with `error` and `reason`. The purposes `LINK` and `REAUTHENTICATION` require a session, `LINK` a recent authentication. Errors: `FORBIDDEN` with the reason `METHOD_DISABLED` where providers are disabled, `NOT_FOUND` for an unknown provider, `BAD_USER_INPUT` with `fields`, `FEDERATED_LOGIN_FAILED` when the provider does not answer, `UNAUTHENTICATED`, `REAUTHENTICATION_REQUIRED`.',
  })
  async beginFederatedLogin(
    @Arg('input', () => BeginFederatedLoginInput, { description: 'The provider.' }) input: BeginFederatedLoginInput,
    @Ctx() context: Context,
  ): Promise<BeginFederatedLoginPayload> {
    const { delivery, ...request } = input;
    const browser = { isBound: delivery === 'COOKIE', browserToken: context.cookies.flowToken };
    return deliverFlow(await beginFederatedLogin(context.unit, context.caller, { ...request, ...browser }), context);
  }

  @Mutation(() => FederatedLoginResult, {
    description:
      'Signs in with the exchange code of a provider. An identity that no user has is no error: the result is a `LinkProposal` when an account has its verified address, otherwise a `SignUpProposal`. Errors: `INVALID_TOKEN` for a code that is unknown, used, expired or of another verifier, `FEDERATED_LOGIN_FAILED` with the reason `NOT_ALLOWED`, `ACCOUNT_SUSPENDED`, `FORBIDDEN` with the reason `LOCATION_NOT_ALLOWED` in a refused country, `BAD_USER_INPUT`.',
  })
  async completeFederatedLogin(
    @Arg('input', () => CompleteFederatedLoginInput, { description: 'The code.' }) input: CompleteFederatedLoginInput,
    @Ctx() context: Context,
  ): Promise<typeof FederatedLoginResult> {
    return deliverOutcome(await completeFederatedLogin(context.unit, context.caller, input), context);
  }

  @Mutation(() => FederatedLoginResult, {
    description:
      'Signs in with the ID token that a native app received from Google or Apple, with the results of `completeFederatedLogin`. Errors: `NOT_FOUND` for an unknown provider and one of another kind, `FEDERATED_LOGIN_FAILED` with a reason, also for a token that was used before, `ACCOUNT_SUSPENDED`, `FORBIDDEN` with the reason `LOCATION_NOT_ALLOWED` in a refused country, `BAD_USER_INPUT`.',
  })
  async loginWithIdToken(
    @Arg('input', () => LoginWithIdTokenInput, { description: 'The token.' }) input: LoginWithIdTokenInput,
    @Ctx() context: Context,
  ): Promise<typeof FederatedLoginResult> {
    return deliverOutcome(await loginWithIdToken(context.unit, context.caller, input), context);
  }

  @Mutation(() => LoginResult, {
    description:
      'Links the identity of a `LinkProposal` to its account, and signs in. Requires exactly one proof of the account; a second factor is asked for as with `login`, and the identity is linked with the session. The user gets a mail. Errors: `INVALID_TOKEN` for the ticket, `IDENTITY_TAKEN` when another user has linked the identity meanwhile, `BAD_USER_INPUT`, and those of `login` and `loginWithPasskey`.',
  })
  async acceptLink(
    @Arg('input', () => AcceptLinkInput, { description: 'The ticket and the proof.' }) input: AcceptLinkInput,
    @Ctx() context: Context,
  ): Promise<typeof LoginResult> {
    return deliverOutcome(await acceptLink(context.unit, context.caller, input), context);
  }

  @Mutation(() => FederatedSignUpResult, {
    description:
      'Creates the account of a `SignUpProposal`. With the address that the provider has verified it signs in at once; for any other address a mail is sent, and `verifyEmail` creates the account, as with `register`. Errors: `INVALID_TOKEN` for the ticket, `BAD_USER_INPUT` with `fields`, `CONFLICT` when an account got the verified address meanwhile: begin again, `IDENTITY_TAKEN`; `EMAIL_TAKEN` only when verification is disabled.',
  })
  async finishFederatedSignUp(
    @Arg('input', () => FinishFederatedSignUpInput, { description: 'The ticket and the account.' })
    input: FinishFederatedSignUpInput,
    @Ctx() context: Context,
  ): Promise<typeof FederatedSignUpResult> {
    return deliverOutcome(await finishFederatedSignUp(context.unit, context.caller, input), context);
  }
}
