/** The single-use steps of a flow: exactly one of several concurrent callers succeeds. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { FlowPurpose } from './federated-flow.ts';

export interface FlowRow {
  id: string;
  providerId: string;
  purpose: FlowPurpose;
  returnTo: string;
  secretsSealed: Buffer;
  answerSealed: Buffer | null;
  profileSealed: Buffer | null;
}

const columns = `id, provider_id as "providerId", purpose, return_to as "returnTo", secrets_sealed as "secretsSealed",
  answer_sealed as "answerSealed", profile_sealed as "profileSealed"`;

/**
 * Uses the state of a callback. A browser that did not begin the flow leaves it unused.
 * @param use `isContinued`: whether the value continues a callback by POST
 */
export async function useState(
  em: EntityManager,
  use: { stateHash: Buffer; providerId: string; isContinued: boolean; browserHash: Buffer | null; now: Date },
): Promise<FlowRow | null> {
  const [row] = await em.execute<FlowRow[]>(
    `update federated_flows set consumed_at = :now
     where state_hash = :stateHash and provider_id = :providerId and consumed_at is null and expires_at > :now
       and (answer_sealed is not null) = :isContinued and (browser_hash is null or browser_hash = :browserHash)
     returning ${columns}`,
    use,
  );
  return row ?? null;
}

/** Finds the flow that a callback by POST belongs to, without using its state. */
export async function findByState(
  em: EntityManager,
  wanted: { stateHash: Buffer; providerId: string; now: Date },
): Promise<{ id: string } | null> {
  const [row] = await em.execute<{ id: string }[]>(
    `select id from federated_flows where state_hash = :stateHash and provider_id = :providerId
       and consumed_at is null and expires_at > :now and answer_sealed is null`,
    wanted,
  );
  return row ?? null;
}

/** Stores the parameters of a callback by POST. The value in the next request replaces the state. */
export async function keepAnswer(
  em: EntityManager,
  kept: { id: string; stateHash: Buffer; nextHash: Buffer; answerSealed: Buffer },
): Promise<boolean> {
  const rows = await em.execute<{ kept: number }[]>(
    `update federated_flows set state_hash = :nextHash, answer_sealed = :answerSealed
     where id = :id and state_hash = :stateHash and consumed_at is null and answer_sealed is null returning 1 as kept`,
    kept,
  );
  return rows.length === 1;
}

export async function storeProfile(
  em: EntityManager,
  stored: { id: string; codeHash: Buffer; profileSealed: Buffer; expiresAt: Date },
): Promise<void> {
  await em.execute(
    `update federated_flows set code_hash = :codeHash, profile_sealed = :profileSealed, answer_sealed = null,
       expires_at = :expiresAt where id = :id`,
    stored,
  );
}

/** Uses the exchange code. A wrong verifier, purpose or session leaves it unused. */
export async function useCode(
  em: EntityManager,
  use: { codeHash: Buffer; codeChallenge: string; purpose: FlowPurpose; sessionId: string | null; now: Date },
): Promise<FlowRow | null> {
  const [row] = await em.execute<FlowRow[]>(
    `update federated_flows set code_hash = null
     where code_hash = :codeHash and code_challenge = :codeChallenge and purpose = :purpose
       and session_id is not distinct from :sessionId and expires_at > :now returning ${columns}`,
    use,
  );
  return row ?? null;
}

export async function storeTicket(
  em: EntityManager,
  { id, ticketHash, expiresAt }: { id: string; ticketHash: Buffer; expiresAt: Date },
): Promise<void> {
  await em.execute('update federated_flows set ticket_hash = :ticketHash, expires_at = :expiresAt where id = :id', {
    id,
    ticketHash,
    expiresAt,
  });
}

/** Reads the flow of a ticket without using it: a wrong password leaves the ticket valid. */
export async function findByTicket(
  em: EntityManager,
  wanted: { ticketHash: Buffer; now: Date },
): Promise<FlowRow | null> {
  const [row] = await em.execute<FlowRow[]>(
    `select ${columns} from federated_flows where ticket_hash = :ticketHash and expires_at > :now`,
    wanted,
  );
  return row ?? null;
}

/** @returns false for a ticket that is unknown, used or expired */
export async function useTicket(em: EntityManager, use: { ticketHash: Buffer; now: Date }): Promise<boolean> {
  const rows = await em.execute<{ used: number }[]>(
    `update federated_flows set ticket_hash = null, profile_sealed = null
     where ticket_hash = :ticketHash and expires_at > :now returning 1 as used`,
    use,
  );
  return rows.length === 1;
}

export interface ReceivedToken {
  id: string;
  stateHash: Buffer;
  providerId: string;
  secretsSealed: Buffer;
  profileSealed: Buffer;
  now: Date;
  expiresAt: Date;
}

/** The flow of a native app, which begins with the answer of the provider. @returns false when it was received before */
export async function insertReceived(em: EntityManager, received: ReceivedToken): Promise<boolean> {
  const rows = await em.execute<{ made: number }[]>(
    `insert into federated_flows (id, state_hash, provider_id, purpose, return_to, code_challenge, secrets_sealed,
       profile_sealed, created_at, expires_at, consumed_at)
     values (:id, :stateHash, :providerId, 'SIGN_IN', '', '', :secretsSealed, :profileSealed, :now, :expiresAt, :now)
     on conflict (state_hash) do nothing returning 1 as made`,
    received,
  );
  return rows.length === 1;
}
