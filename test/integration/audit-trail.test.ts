/** The audit trail over GraphQL: what administrators find in it, and what users see of their own events. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { AuditEvent } from '../../src/domain/audit/actions.ts';
import { operatorClient, recordAudit } from '../../src/domain/audit/record.ts';
import {
  goodPassword,
  lockoutOff,
  newAddress,
  refusal,
  registerUser,
  type SignedIn,
  signIn,
} from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  AuditEntriesDocument,
  AuditEntriesOfUserDocument,
  type AuditEntriesQueryVariables,
  AuditIntegrityDocument,
  CountAuditEntriesDocument,
  FullLoginDocument,
  FullRefreshDocument,
  FullSecurityEventsDocument,
  LogoutDocument,
  SecurityOverviewDocument,
  UpdateProfileDocument,
} from '../support/generated/graphql.ts';
import { type AuditApp, openAuditApp } from '../support/people/audit-chain.ts';

const hour = 60 * 60;
const day = 24 * hour;

/** Every statement of this process. Set up before the first connection, because each connection keeps its logger. */
const statements = vi.spyOn(pg.Client.prototype, 'query');
afterAll(() => statements.mockRestore());

let auditApp: AuditApp;
let admin: SignedIn;
let email: string;
let user: SignedIn;
const gateway = useGateway({ ...lockoutOff, ACCESS_TOKEN_TTL: '1h', TRUSTED_PROXIES: '127.0.0.1' });
beforeAll(async () => {
  auditApp = await openAuditApp(gateway.database, gateway.clock);
  const adminEmail = await registerUser(gateway);
  await gateway.database.query(`update users set role_name = 'ADMIN', display_name = 'The admin' where email = $1`, [
    adminEmail,
  ]);
  admin = await signIn(gateway, adminEmail);
  email = await registerUser(gateway);
  user = await signIn(gateway, email);
});
afterAll(() => auditApp.close());

async function entries(variables: AuditEntriesQueryVariables = {}, accessToken = admin.accessToken) {
  return (await gateway.send(AuditEntriesDocument, variables, accessToken)).auditEntries;
}

async function events(session: SignedIn, variables: { first?: number; after?: string; refreshes?: boolean } = {}) {
  const { viewer } = await gateway.send(FullSecurityEventsDocument, variables, session.accessToken);
  if (!viewer) throw new Error('no user is signed in');
  return viewer.securityEvents;
}

const actionsOf = (nodes: readonly { action: string }[]) => nodes.map(({ action }) => action);
const fail = (address: string) =>
  refusal(gateway.send(FullLoginDocument, { input: { email: address, password: `${goodPassword} not` } }));
const rename = (session: SignedIn, displayName: string) =>
  gateway.send(UpdateProfileDocument, { input: { displayName } }, session.accessToken);

/** An entry that no request creates. */
async function record(event: AuditEvent, from: { ipAddress?: string; userAgent?: string } = {}): Promise<void> {
  await auditApp.dependencies().em.transactional(async (tx) => {
    recordAudit(tx, { ...operatorClient('beside'), ...from }, gateway.clock.now(), event);
  });
}

describe('access', () => {
  const asked = {
    auditEntries: (token?: string) => gateway.send(AuditEntriesDocument, {}, token),
    auditIntegrity: (token?: string) => gateway.send(AuditIntegrityDocument, {}, token),
    securityOverview: (token?: string) => gateway.send(SecurityOverviewDocument, {}, token),
  };

  test.each(Object.entries(asked))('%s: administrators only', async (_name, ask) => {
    const { code, extensions } = await refusal(ask(user.accessToken));
    expect({ code, permission: extensions.requiredPermission }).toEqual({
      code: 'FORBIDDEN',
      permission: 'audit:read',
    });
    expect(await refusal(ask())).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('an entry', () => {
  test('names actor, action, target and network', async () => {
    await rename(user, 'Ada');
    const { nodes } = await entries({ first: 1, where: { action: 'user.updated' } });
    expect(nodes[0]).toMatchObject({
      outcome: 'SUCCESS',
      actor: { id: user.viewer.id, displayName: 'Ada' },
      actorLabel: email,
      target: { type: 'user', id: user.viewer.id, user: { id: user.viewer.id, displayName: 'Ada' } },
      ipAddress: '127.0.0.1',
      sessionId: user.session.id,
      details: { fields: ['displayName'] },
    });
  });

  test('has its seal once it is sealed', async () => {
    await rename(user, 'Ada L.');
    const newest = async () => (await entries({ first: 1, where: { action: 'user.updated' } })).nodes[0];
    const id = (await newest())?.id;
    await vi.waitUntil(async () => {
      await auditApp.auditSealing.seal();
      return (await newest())?.hash;
    });
    const [seal] = await gateway.database.query<{ hash: string; sequence: number }>(
      `select encode(hash, 'hex') as hash, seq::int as sequence from audit_seals where entry_id = $1`,
      [id],
    );
    expect(await newest()).toMatchObject({ hash: seal?.hash, sequence: seal?.sequence });
  });

  test('about a session names its owner, also once the session has ended', async () => {
    const session = await signIn(gateway, email);
    await gateway.send(LogoutDocument, { input: {} }, session.accessToken);
    const { nodes } = await entries({ where: { targetId: session.session.id } });
    expect(actionsOf(nodes)).toEqual(['session.ended', 'session.started']);
    for (const { target } of nodes)
      expect(target).toMatchObject({
        type: 'session',
        id: session.session.id,
        user: { id: user.viewer.id },
        label: email,
      });
  });

  test('outlives its actor', async () => {
    const gone = await registerUser(gateway);
    const session = await signIn(gateway, gone);
    await gateway.database.query('delete from users where id = $1', [session.viewer.id]);
    const { nodes } = await entries({ where: { targetId: session.viewer.id } });
    expect(nodes.length).toBeGreaterThan(0);
    for (const node of nodes)
      expect(node).toMatchObject({
        actor: null,
        actorLabel: null,
        target: { id: session.viewer.id, user: null, label: null },
      });
  });
});

describe('a filter', () => {
  test('by several actions', async () => {
    const actions = ['session.started', 'user.updated'];
    const { nodes } = await entries({ first: 100, where: { actions } });
    expect(new Set(actionsOf(nodes))).toEqual(new Set(actions));
    const all = (await entries({ first: 100 })).nodes.filter(({ action }) => actions.includes(action));
    expect(nodes.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    expect((await entries({ where: { actions, action: 'user.created' } })).nodes).toEqual([]);
    expect(new Set(actionsOf((await entries({ where: { actions, action: 'user.updated' } })).nodes))).toEqual(
      new Set(['user.updated']),
    );
  });

  test('by action', async () => {
    const { nodes } = await entries({ where: { action: 'session.started' } });
    expect(new Set(actionsOf(nodes))).toEqual(new Set(['session.started']));
  });

  test('by outcome', async () => {
    await fail(email);
    const failures = (await entries({ where: { outcome: 'FAILURE' } })).nodes;
    expect(actionsOf(failures)).toContain('login.refused');
    expect(new Set(failures.map(({ outcome }) => outcome))).toEqual(new Set(['FAILURE']));
    const successes = (await entries({ first: 100, where: { outcome: 'SUCCESS' } })).nodes;
    expect(actionsOf(successes)).not.toContain('login.refused');
  });

  test('by actor and by target', async () => {
    const acted = (await entries({ first: 100, where: { actorId: user.viewer.id } })).nodes;
    expect(new Set(acted.map(({ actor }) => actor?.id))).toEqual(new Set([user.viewer.id]));
    const suffered = (await entries({ where: { targetId: user.session.id } })).nodes;
    expect(actionsOf(suffered)).toEqual(['session.started']);
  });

  test('by address', async () => {
    const { nodes } = await entries({ first: 100, where: { ipAddress: '127.0.0.1' } });
    expect(nodes.length).toBeGreaterThan(3);
    expect((await entries({ where: { ipAddress: '192.0.2.9' } })).nodes).toEqual([]);
  });

  test.each([
    ['2001:db8::1', '2001:DB8:0::1'],
    ['2001:0db8:0000:0000:0000:0000:0000:0002', '2001:db8::2'],
    ['::ffff:203.0.113.8', '203.0.113.8'],
    ['203.0.113.9', '::FFFF:203.0.113.9'],
    ['203.0.113.10', '::ffff:cb00:710a'],
  ])('by any spelling of the client address: %s as %s', async (from, ipAddress) => {
    const answer = await gateway.post(bodyOf(FullLoginDocument, { input: { email, password: goodPassword } }), {
      'x-forwarded-for': from,
    });
    expect(answer.status).toBe(200);
    const { nodes } = await entries({ where: { ipAddress, action: 'session.started' } });
    expect(nodes).toHaveLength(1);
    expect((await entries({ where: { ipAddress: from } })).nodes).toContainEqual(nodes[0]);
  });

  test('by time includes its start and excludes its end', async () => {
    gateway.clock.travel(60);
    const since = gateway.clock.now().toISOString();
    await fail(email);
    gateway.clock.travel(60);
    const until = gateway.clock.now().toISOString();
    await fail(email);
    expect((await entries({ where: { since, until } })).nodes).toHaveLength(1);
    expect((await entries({ where: { since } })).nodes).toHaveLength(2);
    expect((await entries({ where: { since: until } })).nodes).toHaveLength(1);
    const [before] = (await entries({ first: 1, where: { until: since } })).nodes;
    expect(new Date(before?.occurredAt ?? since) < new Date(since)).toBe(true);
  });

  test('with several conditions returns the entries that match all of them', async () => {
    const where = {
      action: 'user.updated',
      actorId: user.viewer.id,
      outcome: 'SUCCESS',
      ipAddress: '127.0.0.1',
    } as const;
    const { nodes } = await entries({ where });
    expect(nodes.length).toBeGreaterThan(0);
    expect((await entries({ where: { ...where, actorId: admin.viewer.id } })).nodes).toEqual([]);
    const { auditEntries } = await gateway.send(CountAuditEntriesDocument, { where }, admin.accessToken);
    expect(auditEntries.totalCount).toBe(nodes.length);
  });

  test.each([
    [{ action: 'x' }, 'where.action'],
    [{ action: "login.refused' or '1'='1" }, 'where.action'],
    [{ action: 'login.refused\u0000' }, 'where.action'],
    [{ actions: [] }, 'where.actions'],
    [{ actions: ['login.refused', 'login'] }, 'where.actions'],
    [{ actorId: 'ada' }, 'where.actorId'],
    [{ targetId: 'a b' }, 'where.targetId'],
    [{ targetId: '\u0000' }, 'where.targetId'],
    [{ ipAddress: '10.0.0.0/8' }, 'where.ipAddress'],
    [{ since: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z' }, 'where.until'],
  ])('that can match nothing is reported: %j', async (where, path) => {
    const { code, extensions } = await refusal(entries({ where }));
    expect({ code, fields: extensions.fields }).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
  });
});

describe('combined filters', () => {
  /**
   * One entry in each of three minutes for every combination of two actions, outcomes, actors, targets and addresses.
   */
  const planted = new Map<string, Record<string, unknown>>();
  const minutes: string[] = [];
  const actors: [string, string] = ['01930000-0000-7000-8000-00000000000a', '01930000-0000-7000-8000-00000000000b'];
  const targets: [string, string] = ['TARGET_A', 'TARGET_B'];
  const addresses: [string, string] = ['2001:db8::a', '198.51.100.11'];
  beforeAll(async () => {
    admin = await signIn(gateway, admin.viewer.email);
    for (let minute = 0; minute < 3; minute += 1) {
      gateway.clock.travel(60);
      minutes.push(gateway.clock.now().toISOString());
      for (let bits = 0; bits < 32; bits += 1) {
        const pick = <T>(pair: readonly [T, T], bit: number) => ((bits >> bit) & 1 ? pair[1] : pair[0]);
        const common = {
          outcome: pick(['FAILURE', 'DENIED'] as const, 0),
          actorId: pick(actors, 1),
          target: { type: 'role', id: pick(targets, 2) },
        } as const;
        const event: AuditEvent = pick([true, false], 3)
          ? { ...common, action: 'session.refreshed', details: { generation: planted.size } }
          : { ...common, action: 'data.exported', details: { since: `${planted.size}` } };
        await record(event, { ipAddress: pick(addresses, 4) });
        planted.set(JSON.stringify(event.details), {
          action: event.action,
          outcome: common.outcome,
          actorId: common.actorId,
          targetId: common.target.id,
          ipAddress: pick(addresses, 4),
          minute,
        });
      }
    }
    gateway.clock.travel(60);
  });

  const parts = ['since', 'until', 'action', 'outcome', 'actorId', 'targetId', 'ipAddress'] as const;
  const subsets = Array.from({ length: 2 ** parts.length }, (_, bits) =>
    parts.filter((_part, bit) => (bits >> bit) & 1),
  );

  test('return exactly the entries that match all of them, for all 128 combinations', async () => {
    const [from, second, third] = minutes;
    const values = {
      since: second,
      until: third,
      action: 'session.refreshed',
      outcome: 'DENIED',
      actorId: actors[0],
      targetId: targets[1],
      ipAddress: addresses[0],
    } as const;
    for (const chosen of subsets) {
      const where = { since: from, ...Object.fromEntries(chosen.map((part) => [part, values[part]])) };
      const expected = [...planted].filter(([, entry]) =>
        chosen.every((part) => {
          if (part === 'since') return Number(entry.minute) >= 1;
          return part === 'until' ? Number(entry.minute) < 2 : entry[part] === values[part];
        }),
      );
      // Pages in both directions: a filter must not move the start of a page.
      const found = await walked(where, 'forwards');
      expect({ chosen, found: found.toSorted() }).toEqual({ chosen, found: expected.map(([key]) => key).toSorted() });
      if (chosen.length < 3) expect(await walked(where, 'backwards')).toEqual(found);
    }
  });

  /** The details of the found entries in the order of the list, without the entries of other tests. */
  async function walked(where: Record<string, unknown>, way: 'forwards' | 'backwards'): Promise<string[]> {
    const found: string[] = [];
    for (let cursor: string | null | undefined = null; cursor !== undefined; ) {
      const part = way === 'forwards' ? { first: 31, after: cursor } : { last: 31, before: cursor };
      const { nodes, pageInfo }: Awaited<ReturnType<typeof entries>> = await entries({ where, ...part });
      const keys = nodes.map(({ details }) => JSON.stringify(details)).filter((key) => planted.has(key));
      found.splice(way === 'forwards' ? found.length : 0, 0, ...keys);
      const [more, next] =
        way === 'forwards'
          ? [pageInfo.hasNextPage, pageInfo.endCursor]
          : [pageInfo.hasPreviousPage, pageInfo.startCursor];
      cursor = more ? next : undefined;
    }
    return found;
  }
});

describe('pages', () => {
  test('traverse the whole trail both ways, each entry once, while it grows', async () => {
    const { auditEntries } = await gateway.send(CountAuditEntriesDocument, {}, admin.accessToken);
    const forth: string[] = [];
    for (let after: string | null = null; ; ) {
      const page: Awaited<ReturnType<typeof entries>> = await entries({ first: 7, after });
      forth.push(...page.nodes.map(({ id }) => id));
      await fail(newAddress());
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor ?? null;
    }
    expect(forth).toHaveLength(auditEntries.totalCount);
    expect(forth).toEqual(forth.toSorted().reverse());

    const back: string[] = [];
    for (let before: string | null = null; ; ) {
      const page: Awaited<ReturnType<typeof entries>> = await entries({ last: 7, before });
      back.unshift(...page.nodes.map(({ id }) => id));
      if (!page.pageInfo.hasPreviousPage) break;
      before = page.pageInfo.startCursor ?? null;
    }
    expect(back.slice(-forth.length)).toEqual(forth);
  });

  test('of a hundred entries with actors, targets and seals cost as many statements as a page of five', async () => {
    await auditApp.write(60);
    const people = await gateway.database.query<{ id: string }>(`select id from users where status = 'INVITED'`);
    for (const [index, { id }] of people.entries()) {
      await record({
        action: 'user.updated',
        actorId: id,
        target: { type: 'user', id: people[index - 1]?.id ?? id },
        details: { fields: [] },
      });
    }
    const few = await statementsOf(() => entries({ first: 5 }));
    const many = await statementsOf(async () => {
      const { nodes } = await entries({ first: 100 });
      expect(nodes).toHaveLength(100);
      expect(new Set(nodes.map(({ actor }) => actor?.id)).size).toBeGreaterThan(20);
    });
    expect(many).toEqual(few);
    // The session, the page, the users, the seals.
    expect(many).toHaveLength(4);
  });
});

/** The statements of a request, without those of the background. */
async function statementsOf(request: () => Promise<unknown>): Promise<string[]> {
  const before = statements.mock.calls.length;
  await request();
  const texts = statements.mock.calls.slice(before).map(([query]: unknown[]) => {
    return String(typeof query === 'object' && query !== null && 'text' in query ? query.text : query);
  });
  const beside =
    /outbox_mails|dispatched_at|webhook_deliveries|from webhooks|pg_try_advisory|pg_control_system|audit_checkpoints|audit_keys|inserted_by|^(insert|begin|commit|set|start)/i;
  return texts
    .filter((text) => !beside.test(text))
    .map((text) => text.replace(/ in \(\$[^)]*\)/g, ' in (…)').replace(/ limit \$?\d+$/, ' limit …'));
}

describe('security events', () => {
  test('are actions by the user, actions on the user, and attempts at the user’s address', async () => {
    const address = await registerUser(gateway);
    const session = await signIn(gateway, address);
    await rename(session, 'Grace');
    await fail(address);
    const refreshed = await gateway.send(FullRefreshDocument, { input: { refreshToken: session.refreshToken } });
    await gateway.send(LogoutDocument, { input: {} }, refreshed.refresh.accessToken);
    const again = await signIn(gateway, address);
    const { nodes, totalCount } = await events(again);
    expect(actionsOf(nodes)).toEqual([
      'session.started',
      'session.ended',
      'session.refreshed',
      'login.refused',
      'user.updated',
      'session.started',
      'user.created',
      'registration.confirmed',
      'registration.requested',
    ]);
    expect(totalCount).toBe(nodes.length);
    expect(nodes.find(({ action }) => action === 'login.refused')).toMatchObject({
      actor: null,
      ipAddress: '127.0.0.1',
    });
  });

  test('are those of the caller only', async () => {
    const other = await signIn(gateway, await registerUser(gateway));
    await rename(other, 'Another name');
    await fail(newAddress());
    for (const { actor, actorLabel, target } of (await events(user, { first: 100 })).nodes) {
      expect(actorLabel).toBeNull();
      expect(target?.label ?? null).toBeNull();
      expect([null, user.viewer.id]).toContain(actor?.id ?? null);
      expect(target?.user?.id ?? user.viewer.id).toBe(user.viewer.id);
    }
  });

  test('report an administrator’s action without its network and its reason', async () => {
    const address = await registerUser(gateway);
    const session = await signIn(gateway, address);
    await record(
      {
        action: 'user.updated',
        actorId: admin.viewer.id,
        sessionId: admin.session.id,
        target: { type: 'user', id: session.viewer.id },
        reason: 'planted reason',
        details: { fields: ['displayName'] },
      },
      { ipAddress: '192.0.2.66', userAgent: 'Planted/1' },
    );
    expect((await events(session, { first: 1 })).nodes[0]).toMatchObject({
      action: 'user.updated',
      actor: { displayName: 'The admin' },
      ipAddress: null,
      userAgent: null,
      reason: null,
      sessionId: null,
    });
    const [entry] = (await entries({ where: { targetId: session.viewer.id, action: 'user.updated' } })).nodes;
    expect(entry).toMatchObject({ ipAddress: '192.0.2.66', reason: 'planted reason' });
  });

  test('report a stolen token without an actor', async () => {
    const session = await signIn(gateway, await registerUser(gateway));
    const use = (refreshToken: string) => gateway.send(FullRefreshDocument, { input: { refreshToken } });
    const { refresh } = await use(session.refreshToken);
    await use(refresh.refreshToken ?? '');
    gateway.clock.travel(60);
    await refusal(use(session.refreshToken));
    const again = await signIn(gateway, session.viewer.email);
    expect(actionsOf((await events(again)).nodes)).toContain('token.reuse_detected');
  });

  test('of a user are complete for administrators, page by page, with a count', async () => {
    const address = await registerUser(gateway);
    const session = await signIn(gateway, address);
    await rename(session, 'Mary');
    await record(
      {
        action: 'user.updated',
        actorId: admin.viewer.id,
        target: { type: 'user', id: session.viewer.id },
        reason: 'planted reason',
        details: { fields: [] },
      },
      { ipAddress: '192.0.2.66' },
    );
    const own = (await events(session, { first: 100 })).nodes;
    const ofUser = async (first: number, after: string | null = null) => {
      const variables = { id: session.viewer.id, first, after };
      const { user: found } = await gateway.send(AuditEntriesOfUserDocument, variables, admin.accessToken);
      if (!found) throw new Error('there is no such user');
      return found.auditEntries;
    };
    const all = await ofUser(100);
    expect(all.nodes.map(({ id }) => id)).toEqual(own.map(({ id }) => id));
    expect(all.totalCount).toBe(own.length);
    expect(all.nodes[0]).toMatchObject({ ipAddress: '192.0.2.66', reason: 'planted reason' });
    const begin = await ofUser(2);
    const rest = await ofUser(100, begin.pageInfo.endCursor);
    expect([...begin.nodes, ...rest.nodes]).toEqual(all.nodes);
    expect([begin.pageInfo.hasNextPage, rest.pageInfo.hasPreviousPage, rest.pageInfo.hasNextPage]).toEqual([
      true,
      true,
      false,
    ]);
    expect(await refusal(ofUser(-1))).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test('of a user are hidden from callers that may read users but not the trail', async () => {
    const address = await registerUser(gateway);
    await gateway.database.query(`update users set role_name = 'MODERATOR' where email = $1`, [address]);
    const moderator = await signIn(gateway, address);
    const call = gateway.send(AuditEntriesOfUserDocument, { id: user.viewer.id }, moderator.accessToken);
    expect((await refusal(call)).extensions).toMatchObject({ code: 'FORBIDDEN', requiredPermission: 'audit:read' });
  });

  test('come in pages', async () => {
    const all = (await events(user, { first: 100 })).nodes.map(({ id }) => id);
    const walked: string[] = [];
    for (let after: string | undefined; ; ) {
      const page: Awaited<ReturnType<typeof events>> = await events(user, { first: 3, ...(after && { after }) });
      walked.push(...page.nodes.map(({ id }) => id));
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor ?? undefined;
    }
    expect(walked).toEqual(all);
  });

  test('come without continued sessions where the caller does not want them', async () => {
    const session = await signIn(gateway, await registerUser(gateway));
    let { refreshToken } = session;
    for (let renewals = 0; renewals < 3; renewals += 1) {
      const { refresh } = await gateway.send(FullRefreshDocument, { input: { refreshToken } });
      refreshToken = refresh.refreshToken ?? '';
    }
    const own = ['session.started', 'user.created', 'registration.confirmed', 'registration.requested'];
    const refreshes = ['session.refreshed', 'session.refreshed', 'session.refreshed'];
    expect(actionsOf((await events(session)).nodes)).toEqual([...refreshes, ...own]);
    const { nodes, totalCount, pageInfo } = await events(session, { first: 2, refreshes: false });
    expect({ actions: actionsOf(nodes), totalCount }).toEqual({ actions: own.slice(0, 2), totalCount: own.length });
    const after = pageInfo.endCursor ?? '';
    expect(actionsOf((await events(session, { after, refreshes: false })).nodes)).toEqual(own.slice(2));
  });
});

describe('the integrity of the trail', () => {
  test('is whole, with the newest checkpoint, as on the command line', async () => {
    await auditApp.sealAll();
    const { auditIntegrity } = await gateway.send(AuditIntegrityDocument, {}, admin.accessToken);
    const { checkpoint } = await auditApp.integrity();
    expect(auditIntegrity).toMatchObject({ whole: true, problem: null, complete: true });
    expect(auditIntegrity.checkpoint).toMatchObject({ number: checkpoint?.number, hash: checkpoint?.hash });
  });

  test('is broken when an entry was changed', async () => {
    const database = gateway.database;
    const [row] = await database.query<{ id: string; outcome: string }>(
      'select id, outcome from audit_entries e join audit_seals s on s.entry_id = e.id where seq = 3',
    );
    const change = async (outcome: string | undefined) => {
      await database.query('alter table audit_entries disable trigger purge_only');
      await database.query('update audit_entries set outcome = $2 where id = $1', [row?.id, outcome]);
      await database.query('alter table audit_entries enable trigger purge_only');
    };
    await change('DENIED');
    const { auditIntegrity } = await gateway.send(AuditIntegrityDocument, {}, admin.accessToken);
    expect(auditIntegrity).toMatchObject({ whole: false, problem: { kind: 'CHANGED', sequence: 3, entryId: row?.id } });
    await change(row?.outcome);
    const mended = await gateway.send(AuditIntegrityDocument, {}, admin.accessToken);
    expect(mended.auditIntegrity.whole).toBe(true);
  });
});

describe('the overview', () => {
  beforeAll(async () => {
    admin = await signIn(gateway, admin.viewer.email);
  });

  const overview = async (since?: Date, until?: Date) => {
    const period = { since: since?.toISOString() ?? null, until: until?.toISOString() ?? null };
    return (await gateway.send(SecurityOverviewDocument, period, admin.accessToken)).securityOverview;
  };

  test('counts events since a time, per interval and in total', async () => {
    // Activity begins at a multiple of five minutes.
    const unit = 5 * 60;
    gateway.clock.travel(unit - ((gateway.clock.now().getTime() / 1000) % unit));
    const since = new Date(Math.round(gateway.clock.now().getTime() / 1000 / unit) * unit * 1000);
    const address = await registerUser(gateway);
    await signIn(gateway, address);
    gateway.clock.travel(hour / 2);
    await fail(address);
    await fail(address);
    const { total, activity, since: begin } = await overview(since);
    expect(total).toMatchObject({ signIns: 1, signInFailures: 2, locks: 0, tokenReuses: 0, registrations: 1 });
    expect(new Date(begin)).toEqual(since);
    expect(activity[0]).toMatchObject({ signIns: 1, signInFailures: 0 });
    expect(activity.at(-1)).toMatchObject({ signIns: 0, signInFailures: 2 });
    expect(activity.length).toBeLessThanOrEqual(48);
    for (const [index, span] of activity.entries()) expect(span.from).toBe(activity[index - 1]?.to ?? begin);
  });

  test('counts two periods of the same length, each event in one of them', async () => {
    const now = () => gateway.clock.now().getTime();
    gateway.clock.travel(hour - ((now() / 1000) % hour));
    admin = await signIn(gateway, admin.viewer.email);
    const middle = new Date(now());
    const start = new Date(now() - day * 1000);
    gateway.clock.travel(1);
    const both = async () => {
      const [former, latter] = [await overview(start, middle), await overview(middle)];
      return { former, latter, signIns: [former.total.signIns, latter.total.signIns] };
    };
    const before = await both();
    await signIn(gateway, email);
    gateway.clock.travel(hour / 2);
    await signIn(gateway, email);
    const after = await both();
    expect(after.former.total).toEqual(before.former.total);
    expect(after.signIns).toEqual([before.signIns[0], (before.signIns[1] ?? 0) + 2]);
    await auditApp.auditSealing.seal();
    expect((await both()).signIns).toEqual(after.signIns);
    expect(after.former.activity.at(-1)?.to).toBe(after.latter.since);
    expect(await refusal(overview(middle, start))).toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { fields: [{ path: 'until' }] },
    });
  });

  test('counts the current state', async () => {
    const before = await overview();
    const session = await signIn(gateway, email);
    await gateway.database.query('update users set mfa_enabled_at = now() where email = $1', [email]);
    await gateway.database.query(
      `insert into attempt_counters (bucket, key, attempts, reserved_at, window_ends_at, total, total_ends_at, locked_until)
       values ('account', 'x', 5, $1, $1, 5, $1, $1::timestamptz + interval '1 minute')`,
      [gateway.clock.now()],
    );
    await gateway.database.query(
      `insert into outbox_mails (id, kind, recipient_hash, state, attempts, created_at, next_attempt_at)
       values (gen_random_uuid(), 'password_reset', 'x', 'dead', 10, $1, $1)`,
      [gateway.clock.now()],
    );
    const now = await overview();
    expect(now.activeSessions).toBe(before.activeSessions + 1);
    expect(now.lockedAccounts).toBe(before.lockedAccounts + 1);
    expect(now.mfa).toEqual({ users: before.mfa.users, enabled: before.mfa.enabled + 1 });
    expect(now.mailQueue.deadLetters).toBe(before.mailQueue.deadLetters + 1);
    await gateway.send(LogoutDocument, { input: {} }, session.accessToken);
    expect((await overview()).activeSessions).toBe(before.activeSessions);
  });

  test.each([
    ['a month ago', -31 * day],
    ['an hour ago', -hour],
    ['a second ago', -1],
  ])('reaches back to %s', async (_what, seconds) => {
    const { activity } = await overview(new Date(gateway.clock.now().getTime() + seconds * 1000));
    expect(activity.length).toBeGreaterThan(0);
    expect(activity.length).toBeLessThanOrEqual(48);
  });

  test.each([
    ['further back', -32 * day],
    ['in the future', hour],
  ])('does not reach %s', async (_what, seconds) => {
    const since = new Date(gateway.clock.now().getTime() + seconds * 1000);
    expect(await refusal(overview(since))).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});
