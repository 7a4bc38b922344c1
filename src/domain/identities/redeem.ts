/** Redeems what a flow handed out: the exchange code of the callback, and the ticket of a proposal. Each works once. */
import { createHash } from 'node:crypto';
import type { FlowPurpose } from '../../persistence/identities/federated-flow.ts';
import { type FlowRow, findByTicket, storeTicket, useCode } from '../../persistence/identities/flows.ts';
import { challengeOf } from '../../security/tokens/code-challenge.ts';
import { hashMailToken, mintMailToken } from '../../security/tokens/mail-tokens.ts';
import type { Caller } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { Refusal } from '../errors.ts';
import { transact } from '../transaction.ts';
import { flowSeconds } from './begin.ts';
import type { IdentityDeps } from './deps.ts';
import { findProvider } from './find-provider.ts';
import type { FederatedProfile } from './profile.ts';
import type { Provider } from './provider.ts';
import { readProfile, type UsedIdentity } from './sealed.ts';

export interface ExchangeCode {
  code: string;
  codeVerifier: string;
}

/** A user at a provider, proven. */
export interface ProvenIdentity {
  /** The id of the flow. */
  flowId: string;
  provider: Provider;
  profile: FederatedProfile;
}

/**
 * @param expected `sessionId`: the session that began; null for a sign-in
 * @throws Refusal INVALID_TOKEN for a code that is unknown, used, expired, of another purpose, session or verifier
 */
export async function redeemCode(
  unit: IdentityDeps,
  caller: Caller,
  { code, codeVerifier }: ExchangeCode,
  expected: { purpose: FlowPurpose; sessionId: string | null },
): Promise<ProvenIdentity> {
  const codeHash = hashMailToken(code);
  const codeChallenge = challengeOf(codeVerifier);
  const flow = await transact<FlowRow | null>(unit, caller, async ({ tx, now }) =>
    codeHash && codeChallenge ? useCode(tx, { codeHash, codeChallenge, ...expected, now }) : null,
  );
  return provenBy(unit, flow);
}

/** What a ticket permits. */
export type ProposalKind = 'link' | 'sign_up';

/** A ticket of one kind is unknown to the other. @returns null when the text does not have the form of a ticket */
export function proposalHash(kind: ProposalKind, ticket: string): Buffer | null {
  return hashMailToken(ticket) && createHash('sha256').update(`${kind}:${ticket}`).digest();
}

/** @throws Refusal INVALID_TOKEN */
export async function findProposal(unit: IdentityDeps, kind: ProposalKind, ticket: string): Promise<ProvenIdentity> {
  const ticketHash = proposalHash(kind, ticket);
  const now = unit.clock.now();
  return provenBy(unit, ticketHash && (await findByTicket(unit.em.fork(), { ticketHash, now })));
}

async function provenBy(unit: IdentityDeps, flow: FlowRow | null): Promise<ProvenIdentity> {
  const provider = flow && (await findProvider(unit, flow.providerId));
  if (!provider) throw new Refusal('INVALID_TOKEN', { detail: 'no such flow' });
  return { flowId: flow.id, provider, profile: readProfile(unit, flow) };
}

/** The ticket of a proposal: what the caller may do next with the identity. */
export async function issueProposal(
  unit: IdentityDeps,
  caller: Caller,
  { flowId }: ProvenIdentity,
  kind: ProposalKind,
): Promise<{ ticket: string; expiresAt: Date }> {
  const { token: ticket } = mintMailToken();
  const ticketHash = proposalHash(kind, ticket);
  if (!ticketHash) throw new Error('a new ticket has no hash');
  return transact(unit, caller, async ({ tx, now }) => {
    const expiresAt = secondsAfter(now, flowSeconds);
    await storeTicket(tx, { id: flowId, ticketHash, expiresAt });
    return { ticket, expiresAt };
  });
}

export function usedIdentity(
  { provider, profile }: Pick<ProvenIdentity, 'provider' | 'profile'>,
  through: UsedIdentity['through'],
): UsedIdentity {
  const { issuer, subject, email, tokens } = profile;
  return { providerId: provider.id, provider: provider.slug, issuer, subject, email, tokens, through };
}
