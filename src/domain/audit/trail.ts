/** Reads the audit trail: administrators read all entries, users those about themselves. */
import {
  type About,
  type Chosen,
  countAbout,
  countEntries,
  findIdsAbout,
  findSeals,
  type Seal,
} from '../../persistence/audit/audit-entries.ts';
import { AuditEntry, type AuditOutcome } from '../../persistence/audit/audit-entry.ts';
import type { KeyRing } from '../../security/keys/key-ring.ts';
import { keyedHash } from '../../security/keys/keyed-hash.ts';
import { type Caller, viewerOf } from '../caller.ts';
import { type FieldProblem, Refusal } from '../errors.ts';
import { firstIdOf, isId } from '../ids.ts';
import { type Page, type PageRequest, readPage, type Slice } from '../page.ts';
import { canonicalAddress } from '../source.ts';
import type { Unit } from '../transaction.ts';
import type { AuditDeps } from './deps.ts';
import { checkIntegrity, type Integrity } from './integrity.ts';
import { readOwnKeyring } from './keys.ts';

export type { Seal };

export interface AuditRecord {
  id: string;
  action: string;
  outcome: AuditOutcome;
  actorId: string | null;
  targetType: string | null;
  targetId: string | null;
  ipAddress: string | null;
  userAgent: string | null;
  reason: string | null;
  sessionId: string | null;
  requestId: string;
  details: Record<string, unknown>;
  occurredAt: Date;
}

/** Absent and null fields do not restrict the list. */
export interface AuditFilter {
  since?: Date | null | undefined;
  until?: Date | null | undefined;
  action?: string | null | undefined;
  /** Any of these. */
  actions?: readonly string[] | null | undefined;
  outcome?: AuditOutcome | null | undefined;
  actorId?: string | null | undefined;
  targetId?: string | null | undefined;
  ipAddress?: string | null | undefined;
}

/** Entries name the user by id; those of attempts before authentication name the keyed hash of the address. */
export interface AuditedUser {
  id: string;
  email: string;
}

/** Checked within a request, in one to two seconds. `postern audit verify` checks all entries. */
const newestToCheck = 20_000;

const everything: Chosen = { refreshes: true };

/** Newest first. @throws Refusal BAD_USER_INPUT */
export async function listEntries({ em }: Unit, filter: AuditFilter, request: PageRequest): Promise<Page<AuditRecord>> {
  const where = whereOf(checked(filter));
  const reading = em.fork();
  return readPage(request, {
    find: ({ keyset, orderBy, limit }) => reading.find(AuditEntry, { $and: [where, keyset] }, { orderBy, limit }),
    count: () => countEntries(reading, where),
    toNode: recordFrom,
  });
}

/**
 * The entries about the caller: by them, about them and their sessions, and about attempts at their address. Address,
 * user agent, reason and session of entries by other users are withheld; those of anonymous attempts are included.
 * @throws Refusal UNAUTHENTICATED, BAD_USER_INPUT
 */
export function listSecurityEvents(
  deps: AuditDeps,
  caller: Caller,
  { refreshes, ...request }: PageRequest & Chosen,
): Promise<Page<AuditRecord>> {
  const viewer = viewerOf(caller);
  return readPage(request, {
    find: async (slice) => (await entriesAbout(deps, [viewer], slice, { refreshes }))[0] ?? [],
    count: async () => (await countEntriesAbout(deps, [viewer], { refreshes }))[0] ?? 0,
    toNode: (record) => withoutPersonalData(record, viewer.id),
  });
}

/** The entry as a user may read it: without the address, user agent, reason and session of another actor. */
export function withoutPersonalData(record: AuditRecord, readerId: string): AuditRecord {
  const isOthers = record.actorId !== null && record.actorId !== readerId;
  return isOthers ? { ...record, ipAddress: null, userAgent: null, reason: null, sessionId: null } : record;
}

/** The same entries about any users, complete, for administrators. @returns one list per user, in their order */
export async function entriesAbout(
  { em, keyRing }: AuditDeps,
  users: readonly AuditedUser[],
  slice: Slice,
  chosen = everything,
): Promise<AuditRecord[][]> {
  const reading = em.fork();
  const ids = await findIdsAbout(reading, users.map(about(keyRing)), slice, chosen);
  const found = ids.some((own) => own.length > 0) ? await reading.find(AuditEntry, { id: ids.flat() }) : [];
  const records = new Map(found.map((entry) => [entry.id, recordFrom(entry)]));
  return ids.map((own) => own.flatMap((id) => records.get(id) ?? []));
}

/** @returns one number per user, in their order, up to a bound */
export function countEntriesAbout(
  { em, keyRing }: AuditDeps,
  users: readonly AuditedUser[],
  chosen = everything,
): Promise<number[]> {
  return countAbout(em.fork(), users.map(about(keyRing)), chosen);
}

/** @returns one seal per entry, in their order; null while the entry is not sealed */
export async function sealsOf({ em }: Unit, entryIds: readonly string[]): Promise<(Seal | null)[]> {
  const seals = await findSeals(em.fork(), entryIds);
  return entryIds.map((id) => seals.get(id) ?? null);
}

/** Checks the newest entries, starting at a signed checkpoint. */
export async function checkNewest({ em, sealer }: AuditDeps): Promise<Integrity> {
  const reading = em.fork();
  return checkIntegrity(reading, { keyring: await readOwnKeyring(reading, sealer), newest: newestToCheck });
}

function about(keyRing: KeyRing) {
  return ({ id, email }: AuditedUser): About => ({
    userId: id,
    addressHash: keyedHash(keyRing, email).toString('base64url'),
  });
}

export function recordFrom(entry: AuditEntry): AuditRecord {
  const { id, action, outcome, requestId, details, occurredAt } = entry;
  return {
    id,
    action,
    outcome,
    actorId: entry.actorId ?? null,
    targetType: entry.targetType ?? null,
    targetId: entry.targetId ?? null,
    ipAddress: entry.ipAddress ?? null,
    userAgent: entry.userAgent ?? null,
    reason: entry.reason ?? null,
    sessionId: entry.sessionId ?? null,
    requestId,
    details,
    occurredAt,
  };
}

/** Ids are ordered by time, so a time becomes a bound of the ids and the index of the pages serves both. */
function whereOf({ since, until, action, actions, outcome, actorId, targetId, ipAddress }: AuditFilter) {
  const from = since ? { $gte: firstIdOf(since) } : {};
  const to = until ? { $lt: firstIdOf(until) } : {};
  return {
    ...((since || until) && { id: { ...from, ...to } }),
    ...((action || actions) && { action: { ...(action && { $eq: action }), ...(actions && { $in: [...actions] }) } }),
    ...(outcome && { outcome }),
    ...(actorId && { actorId }),
    ...(targetId && { targetId }),
    ...(ipAddress && { ipAddress: canonicalAddress(ipAddress) }),
  };
}

function isAction(text: string): boolean {
  return /^[a-z_]{1,40}\.[a-z_]{1,40}$/.test(text);
}

/** Rejects values that no entry can have before PostgreSQL would raise an error. */
function checked(filter: AuditFilter): AuditFilter {
  const { since, until, action, actions, actorId, targetId, ipAddress } = filter;
  const problems: [wrong: unknown, field: string, code: string, message: string][] = [
    [since && until && since >= until, 'until', 'OUT_OF_RANGE', 'Enter a time after `since`.'],
    [action && !isAction(action), 'action', 'INVALID', 'Enter an action, for example login.refused.'],
    [
      actions && (actions.length === 0 || !actions.every(isAction)),
      'actions',
      'INVALID',
      'Enter at least one action, for example login.refused.',
    ],
    [actorId && !isId(actorId), 'actorId', 'INVALID', 'Enter the id of a user.'],
    [targetId && !/^[\w.:-]{1,64}$/.test(targetId), 'targetId', 'INVALID', 'Enter the id of a target.'],
    [
      ipAddress && canonicalAddress(ipAddress) === null,
      'ipAddress',
      'INVALID',
      'Enter one IP address, for example 192.0.2.7.',
    ],
  ];
  const fields = problems
    .filter(([wrong]) => wrong)
    .map(([, field, code, message]): FieldProblem => ({ path: `where.${field}`, code, message }));
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return filter;
}
