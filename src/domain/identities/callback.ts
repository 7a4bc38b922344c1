/**
 * Continues a sign-in when the provider sends the browser back: uses the state, commits, then asks the provider who the
 * user is. The application gets a code for one minute, which is useless without the verifier that it kept.
 */
import { ProviderFailure } from '../../outbound/providers/errors.ts';
import { type FlowRow, findByState, keepAnswer, storeProfile, useState } from '../../persistence/identities/flows.ts';
import { hashMailToken, mintMailToken } from '../../security/tokens/mail-tokens.ts';
import { noActor } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import type { FederatedReason } from '../errors.ts';
import { transact } from '../transaction.ts';
import type { IdentityDeps } from './deps.ts';
import { findProviderBySlug } from './find-provider.ts';
import { type FederatedProfile, profileOf } from './profile.ts';
import type { Provider } from './provider.ts';
import { readSecrets } from './sealed.ts';

const codeSeconds = 60;
/** The longest time since the authentication at the provider, for `REAUTHENTICATE`. */
const freshSeconds = 60;
/** RFC 6749 4.1.2.1, and what Apple sends. */
const cancellations = ['access_denied', 'user_cancelled_authorize'];

/**
 * Keeps what the provider posted, so that it leaves the address, and the browser continues with its own cookies.
 * @returns the value that continues the flow in the next request; null: the state is unknown
 */
export async function keepPostedAnswer(
  unit: IdentityDeps,
  caller: Caller,
  slug: string,
  parameters: URLSearchParams,
): Promise<string | null> {
  const provider = await findProviderBySlug(unit, slug);
  const stateHash = hashMailToken(parameters.get('state') ?? '');
  if (!provider || !stateHash) return null;
  return transact<string | null>(unit, caller, async ({ tx, now, audit }) => {
    const flow = await findByState(tx, { stateHash, providerId: provider.id, now });
    const { token, tokenHash: nextHash } = mintMailToken();
    const answerSealed = flow && unit.sealer.seal(Buffer.from(parameters.toString()), flow.id);
    if (flow && answerSealed && (await keepAnswer(tx, { id: flow.id, stateHash, nextHash, answerSealed })))
      return token;
    audit(refusedBy(provider, 'STATE_MISMATCH'));
    return null;
  });
}

/** What the browser sends to the callback. */
export interface CallbackRequest {
  slug: string;
  /** Those of the provider, or `resume` after a callback by POST. */
  parameters: URLSearchParams;
  /** Of its cookie; null: it has none. */
  browserToken: string | null;
}

/**
 * @returns where the browser goes next; null: the state is unknown, used, expired, of another provider or of another browser
 */
export async function answerCallback(
  unit: IdentityDeps,
  caller: Caller,
  { slug, parameters, browserToken }: CallbackRequest,
): Promise<string | null> {
  const provider = await findProviderBySlug(unit, slug);
  const browserHash = hashMailToken(browserToken ?? '');
  const flow = provider && (await spendState(unit, caller, provider, { parameters, browserHash }));
  if (!flow) return null;
  const answer = flow.answerSealed
    ? new URLSearchParams(unit.sealer.unseal(flow.answerSealed, flow.id).toString())
    : parameters;
  const profile = await readProfile(unit, provider, flow, answer);
  return transact<string>(unit, caller, async ({ tx, now, audit }) => {
    if ('refused' in profile) {
      audit(refusedBy(provider, profile.refused));
      return withParameters(flow.returnTo, { error: 'FEDERATED_LOGIN_FAILED', reason: profile.refused, flow: flow.id });
    }
    const { token: code, tokenHash: codeHash } = mintMailToken();
    const profileSealed = unit.sealer.seal(Buffer.from(JSON.stringify(profile)), flow.id);
    await storeProfile(tx, { id: flow.id, codeHash, profileSealed, expiresAt: secondsAfter(now, codeSeconds) });
    return withParameters(flow.returnTo, { code, flow: flow.id });
  });
}

/** Commits before the provider is called. */
function spendState(
  unit: IdentityDeps,
  caller: Caller,
  provider: Provider,
  { parameters, browserHash }: { parameters: URLSearchParams; browserHash: Buffer | null },
): Promise<FlowRow | null> {
  const resume = parameters.get('resume');
  const stateHash = hashMailToken(resume ?? parameters.get('state') ?? '');
  const isContinued = resume !== null;
  return transact<FlowRow | null>(unit, caller, async ({ tx, now, audit }) => {
    const flow =
      stateHash && (await useState(tx, { stateHash, providerId: provider.id, isContinued, browserHash, now }));
    if (!flow) audit(refusedBy(provider, 'STATE_MISMATCH'));
    return flow;
  });
}

async function readProfile(
  unit: IdentityDeps,
  provider: Provider,
  flow: FlowRow,
  answer: URLSearchParams,
): Promise<FederatedProfile | { refused: FederatedReason }> {
  const error = answer.get('error');
  if (error !== null) return { refused: cancellations.includes(error) ? 'CANCELLED' : 'PROVIDER_REFUSED' };
  try {
    const said = await unit.providerClient.exchange(provider, answer, readSecrets(unit, flow));
    const profile = profileOf(provider, said, answer.get('user'));
    if ('refused' in profile || flow.purpose !== 'REAUTHENTICATE') return profile;
    return isFresh(profile, unit.clock.now()) ? profile : { refused: 'PROVIDER_REFUSED' };
  } catch (failure) {
    if (!(failure instanceof ProviderFailure)) throw failure;
    return { refused: failure.reason };
  }
}

/** A provider that does not say when the user authenticated proves nothing new. */
function isFresh({ authenticatedAt }: FederatedProfile, now: Date): boolean {
  return authenticatedAt !== null && authenticatedAt >= now.getTime() / 1000 - freshSeconds;
}

export function refusedBy({ slug }: Provider, reason: FederatedReason | 'IDENTITY_TAKEN') {
  const details = { provider: slug, reason };
  return { action: 'federated.refused', outcome: 'FAILURE', ...noActor, details } as const;
}

/** In the fragment, which reaches no server and no log. Custom schemes may lose fragments. */
function withParameters(returnTo: string, parameters: Record<string, string>): string {
  const text = new URLSearchParams(parameters).toString();
  if (/^https?:/i.test(returnTo)) return `${returnTo}#${text}`;
  return `${returnTo}${returnTo.includes('?') ? '&' : '?'}${text}`;
}
