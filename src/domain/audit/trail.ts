/** Reading the audit trail: administrators all of it, users what concerns themselves. Writing is audit.ts, sealing audit-sealing.ts. */

import { type About, countAbout, findIdsAbout, findSeals } from '../../persistence/audit/audit-entries.ts';
import { AuditEntry, type AuditOutcome } from '../../persistence/audit/audit-entry.ts';
import { keyedHash } from '../../security/keys/keyed-hash.ts';
import { type Caller, viewerOf } from '../caller.ts';
import type { DomainDependencies } from '../dependencies.ts';
import { type FieldProblem, Refusal } from '../errors.ts';
import { firstIdOf, isId } from '../ids.ts';
import { type Page, type PageRequest, readPage, type Slice } from '../page.ts';
import { canonicalAddress } from '../source.ts';
import { checkIntegrity, type Integrity } from './integrity.ts';
import { readOwnKeyring } from './keys.ts';

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

/** What is not given does not matter. */
export interface AuditFilter {
  since?: Date | null | undefined;
  until?: Date | null | undefined;
  action?: string | null | undefined;
  outcome?: AuditOutcome | null | undefined;
  actorId?: string | null | undefined;
  targetId?: string | null | undefined;
  ipAddress?: string | null | undefined;
}

/** Whose entries to read: what they do is recorded by their id, what strangers try by their address. */
export interface AuditedUser {
  id: string;
  email: string;
}

/** As many as are looked at while somebody waits: a second or two. All of them: `postern audit verify`. */
const newestToCheck = 20_000;

export class AuditTrail {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /** Newest first. @throws Refusal BAD_USER_INPUT */
  async entries(filter: AuditFilter, request: PageRequest): Promise<Page<AuditRecord>> {
    const where = whereOf(checked(filter));
    const em = this.#deps.em.fork();
    return readPage(request, {
      find: ({ keyset, orderBy, limit }) => em.find(AuditEntry, { $and: [where, keyset] }, { orderBy, limit }),
      count: () => em.count(AuditEntry, where),
      toNode: recordFrom,
    });
  }

  /**
   * What the viewer did, what was done to them and their sessions, and who tried their address. Where others came from
   * who did it, administrators above all, is not theirs to know; where strangers came from who tried in vain, it is.
   * @throws Refusal UNAUTHENTICATED, BAD_USER_INPUT
   */
  securityEvents(caller: Caller, request: PageRequest): Promise<Page<AuditRecord>> {
    const viewer = viewerOf(caller);
    return readPage(request, {
      find: async (slice) => (await this.aboutUsers([viewer], slice))[0] ?? [],
      count: async () => (await this.countAboutUsers([viewer]))[0] ?? 0,
      toNode(record) {
        const isOthers = record.actorId !== null && record.actorId !== viewer.id;
        return isOthers ? { ...record, ipAddress: null, userAgent: null, reason: null, sessionId: null } : record;
      },
    });
  }

  /** The same of any users, for administrators, with everything. @returns one list for each, in their order */
  async aboutUsers(users: readonly AuditedUser[], slice: Slice): Promise<AuditRecord[][]> {
    const em = this.#deps.em.fork();
    const ids = await findIdsAbout(em, users.map(this.#about), slice);
    const found = ids.some((own) => own.length > 0) ? await em.find(AuditEntry, { id: ids.flat() }) : [];
    const records = new Map(found.map((entry) => [entry.id, recordFrom(entry)]));
    return ids.map((own) => own.flatMap((id) => records.get(id) ?? []));
  }

  /** @returns for each of the users, in their order, how many entries are about them */
  countAboutUsers(users: readonly AuditedUser[]): Promise<number[]> {
    return countAbout(this.#deps.em.fork(), users.map(this.#about));
  }

  /** @returns one answer for each entry, in their order; null where it is not sealed yet */
  async sealsOf(entryIds: readonly string[]): Promise<(string | null)[]> {
    const seals = await findSeals(this.#deps.em.fork(), entryIds);
    return entryIds.map((id) => seals.get(id) ?? null);
  }

  /** Of the newest entries, from a signed checkpoint on. */
  async integrity(): Promise<Integrity> {
    const em = this.#deps.em.fork();
    const keyring = await readOwnKeyring(em, this.#deps.sealer);
    return checkIntegrity(em, { keyring, newest: newestToCheck });
  }

  #about = ({ id, email }: AuditedUser): About => ({
    userId: id,
    addressHash: keyedHash(this.#deps.keyRing, email).toString('base64url'),
  });
}

function recordFrom(entry: AuditEntry): AuditRecord {
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

/** A time is a place in the order of ids, so that it is found as a page is. */
function whereOf({ since, until, action, outcome, actorId, targetId, ipAddress }: AuditFilter) {
  const from = since ? { $gte: firstIdOf(since) } : {};
  const to = until ? { $lt: firstIdOf(until) } : {};
  return {
    ...((since || until) && { id: { ...from, ...to } }),
    ...(action && { action }),
    ...(outcome && { outcome }),
    ...(actorId && { actorId }),
    ...(targetId && { targetId }),
    ...(ipAddress && { ipAddress: canonicalAddress(ipAddress) }),
  };
}

/** What cannot be in the trail is told, before the database would complain of it. */
function checked(filter: AuditFilter): AuditFilter {
  const { since, until, action, actorId, targetId, ipAddress } = filter;
  const problems: [wrong: unknown, field: string, code: string, message: string][] = [
    [since && until && since >= until, 'until', 'OUT_OF_RANGE', 'Give a time after since.'],
    [
      action && !/^[a-z_]{1,40}\.[a-z_]{1,40}$/.test(action),
      'action',
      'INVALID',
      'Give an action such as login.refused.',
    ],
    [actorId && !isId(actorId), 'actorId', 'INVALID', 'Give the id of a user.'],
    [targetId && !/^[\w.:-]{1,64}$/.test(targetId), 'targetId', 'INVALID', 'Give the id of a target.'],
    [ipAddress && canonicalAddress(ipAddress) === null, 'ipAddress', 'INVALID', 'Give one address, such as 192.0.2.7.'],
  ];
  const fields = problems
    .filter(([wrong]) => wrong)
    .map(([, field, code, message]): FieldProblem => ({ path: `where.${field}`, code, message }));
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return filter;
}
