/** The steps of a code: exactly one of several concurrent callers succeeds, and no caller compares more codes than allowed. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { type CodeChannel, CodeFlow, type CodePurpose } from './code-flow.ts';

/** A code that has neither been used nor expired. */
export interface OpenFlow {
  id: string;
  userId: string | null;
  phoneId: string | null;
  addressSealed: Buffer | null;
}

/** What a code is for. `boundTo`: the ticket or the session; null: a sign-in. */
export interface CodeOccasion {
  channel: CodeChannel;
  purpose: CodePurpose;
  boundTo: string | null;
}

const columns = `id, user_id as "userId", phone_id as "phoneId", address_sealed as "addressSealed"`;
const forOccasion = `channel = :channel and purpose = :purpose and bound_to is not distinct from :boundTo
  and used_at is null and expires_at > :now`;

/** The token of the link is a handle too: another browser than the one that began can take the code. */
export async function findByHandle(
  em: EntityManager,
  wanted: CodeOccasion & { flowHash: Buffer; now: Date },
): Promise<OpenFlow | null> {
  const [row] = await em.execute<OpenFlow[]>(
    `select ${columns} from code_flows where (flow_hash = :flowHash or token_hash = :flowHash) and ${forOccasion}`,
    wanted,
  );
  return row ?? null;
}

/** The verifier belongs to the browser that asked for the mail: another one leaves the link valid. */
export async function findByLink(
  em: EntityManager,
  wanted: CodeOccasion & { tokenHash: Buffer; challenge: string; now: Date },
): Promise<OpenFlow | null> {
  const [row] = await em.execute<OpenFlow[]>(
    `select ${columns} from code_flows where token_hash = :tokenHash and challenge = :challenge and ${forOccasion}`,
    wanted,
  );
  return row ?? null;
}

/** The newest one that the user got for the occasion. */
export async function findNewest(
  em: EntityManager,
  wanted: CodeOccasion & { userId: string; now: Date },
): Promise<OpenFlow | null> {
  const [row] = await em.execute<OpenFlow[]>(
    `select ${columns} from code_flows where user_id = :userId and ${forOccasion} order by id desc limit 1`,
    wanted,
  );
  return row ?? null;
}

/** @returns the hash to compare with; null when the flow is used, expired or out of attempts */
export async function reserveComparison(
  em: EntityManager,
  { id, max, now }: { id: string; max: number; now: Date },
): Promise<Buffer | null> {
  const [row] = await em.execute<{ codeHash: Buffer }[]>(
    `update code_flows set attempts = attempts + 1
     where id = :id and attempts < :max and used_at is null and expires_at > :now returning code_hash as "codeHash"`,
    { id, max, now },
  );
  return row?.codeHash ?? null;
}

/** @returns false when it was used or has expired */
export async function useFlow(em: EntityManager, { id, now }: { id: string; now: Date }): Promise<boolean> {
  const rows = await em.execute<{ used: number }[]>(
    `update code_flows set used_at = :now where id = :id and used_at is null and expires_at > :now returning 1 as used`,
    { id, now },
  );
  return rows.length === 1;
}

/** Ends the earlier codes for the occasion. */
export async function endFlows(em: EntityManager, { userId, ...occasion }: CodeOccasion & { userId: string }) {
  await em.nativeDelete(CodeFlow, { user: userId, ...occasion });
}
