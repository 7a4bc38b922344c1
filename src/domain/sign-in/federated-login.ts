/**
 * Signs in with an identity of a provider. An identity that no user has becomes a proposal: to link it to the account of
 * its address, or to sign up. A matching address alone opens no account.
 */
import { ownerOf } from '../../persistence/accounts/addresses.ts';
import { User } from '../../persistence/accounts/user.ts';
import { findIdentityOwner } from '../../persistence/identities/identities.ts';
import type { AuthMethod, Caller } from '../caller.ts';
import { type FederatedReason, Refusal } from '../errors.ts';
import { assertMethodEnabled, signInMethodsOf } from '../factors/sign-in-methods.ts';
import { refusedBy } from '../identities/callback.ts';
import type { IdentityDeps } from '../identities/deps.ts';
import { type ExchangeCode, issueProposal, type ProvenIdentity, redeemCode } from '../identities/redeem.ts';
import { transact } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';
import { federatedProof } from './federated-proof.ts';
import type { MfaChallenge } from './second-step.ts';
import { type SignedIn, signIn } from './sign-in.ts';
import { checkedOptions, type SignInOptions } from './sign-in-options.ts';

export interface LinkProposal {
  kind: 'link';
  ticket: string;
  email: string;
  /** With which the owner of the account proves it: see `acceptLink`. */
  proofs: AuthMethod[];
  expiresAt: Date;
}

export interface SignUpProposal {
  kind: 'sign_up';
  ticket: string;
  /** Null: the provider has verified none. */
  email: string | null;
  displayName: string | null;
  /** What `finishFederatedSignUp` needs from the user. */
  missing: string[];
  expiresAt: Date;
}

export type FederatedOutcome = SignedIn | MfaChallenge | LinkProposal | SignUpProposal;

/**
 * @throws Refusal FORBIDDEN, INVALID_TOKEN, FEDERATED_LOGIN_FAILED, BAD_USER_INPUT; ACCOUNT_SUSPENDED, IDENTITY_TAKEN
 */
export async function completeFederatedLogin(
  unit: SignInDeps,
  caller: Caller,
  { code, codeVerifier, ...given }: ExchangeCode & SignInOptions,
): Promise<FederatedOutcome> {
  await assertMethodEnabled(unit, caller, 'FEDERATED');
  const options = checkedOptions(given);
  const proven = await redeemCode(unit, caller, { code, codeVerifier }, { purpose: 'SIGN_IN', sessionId: null });
  return signInProven(unit, caller, proven, options);
}

/** @throws Refusal FEDERATED_LOGIN_FAILED, ACCOUNT_SUSPENDED, IDENTITY_TAKEN */
export async function signInProven(
  unit: SignInDeps,
  caller: Caller,
  proven: ProvenIdentity,
  options: ReturnType<typeof checkedOptions>,
): Promise<FederatedOutcome> {
  const em = unit.em.fork();
  const { profile, provider } = proven;
  const owner = await findIdentityOwner(em, profile);
  const signInAs = (userId: string, through: 'sign_in' | null) =>
    signIn(unit, caller, federatedProof(unit, caller, proven, { ...options, userId, through }));
  if (owner)
    return canSignIn(owner.status) ? signInAs(owner.userId, null) : refuse(unit, caller, proven, 'NOT_ALLOWED');
  const email = profile.emailVerified ? profile.email : null;
  const holder = email && (await ownerOf(em, email, unit.clock.now()));
  if (!email || !holder) return proposeSignUp(unit, caller, proven);
  const user = await em.findOne(User, { id: holder.userId, email });
  const { linking } = provider.policy;
  // The address belongs to a deleted or invited account, or an account can still take it back.
  if (linking === 'NEVER' || !user || !canSignIn(user.status)) return refuse(unit, caller, proven, 'NOT_ALLOWED');
  const isAuthoritative = provider.kind === 'GOOGLE' || provider.kind === 'APPLE';
  if (linking === 'VERIFIED' && isAuthoritative && user.emailVerifiedAt) return signInAs(user.id, 'sign_in');
  return proposeLink(unit, caller, proven, user);
}

function canSignIn(status: User['status']): boolean {
  return status === 'ACTIVE' || status === 'SUSPENDED';
}

async function proposeLink(
  unit: IdentityDeps,
  caller: Caller,
  proven: ProvenIdentity,
  { id, email }: User,
): Promise<LinkProposal> {
  const { signInMethods } = await signInMethodsOf(unit, unit.em.fork(), id, unit.clock.now());
  const proofs = signInMethods.filter((method) => method === 'PASSWORD' || method === 'PASSKEY');
  return { kind: 'link', email, proofs, ...(await issueProposal(unit, caller, proven, 'link')) };
}

async function proposeSignUp(unit: IdentityDeps, caller: Caller, proven: ProvenIdentity): Promise<SignUpProposal> {
  const { profile, provider } = proven;
  if (provider.policy.signUp === 'OFF') return refuse(unit, caller, proven, 'NOT_ALLOWED');
  const email = profile.emailVerified ? profile.email : null;
  const missing = email === null ? ['email'] : [];
  const ticket = await issueProposal(unit, caller, proven, 'sign_up');
  return { kind: 'sign_up', email, displayName: profile.displayName, missing, ...ticket };
}

function refuse(
  unit: IdentityDeps,
  caller: Caller,
  { provider }: ProvenIdentity,
  reason: FederatedReason,
): Promise<never> {
  return transact<never>(unit, caller, async ({ audit }) => {
    audit(refusedBy(provider, reason));
    return new Refusal('FEDERATED_LOGIN_FAILED', { reason });
  });
}
