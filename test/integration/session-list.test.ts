/** The sessions in an account: the list, the revocation of one or of the others, and the limit of their number. */
import { print } from 'graphql';
import { describe, expect, test } from 'vitest';
import {
  bearer,
  goodPassword,
  lockoutOff,
  refusal,
  startTestGateway,
  type TestError,
} from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  FullLoginDocument,
  FullSessionsDocument,
  FullViewerDocument,
  RevokeOtherSessionsDocument,
  RevokeSessionDocument,
} from '../support/generated/graphql.ts';
import { createUser } from '../support/people/password-attempts.ts';
import { expectSignedIn, expectSignedOut, openSession, type Session } from '../support/people/session.ts';

const day = 24 * 60 * 60;
const gateway = useGateway(lockoutOff);

const newUser = () => createUser(gateway);

/** Signs in a second after the last sign-in, so that the order is known. */
async function signInNext(email: string): Promise<Session> {
  gateway.clock.travel(1);
  return openSession(gateway, email);
}

async function signInTimes(email: string, times: number): Promise<[Session, ...Session[]]> {
  const sessions: [Session, ...Session[]] = [await signInNext(email)];
  while (sessions.length < times) sessions.push(await signInNext(email));
  return sessions;
}

/** The last of the sessions, with which the tests send their requests. */
function lastOf(sessions: readonly [Session, ...Session[]]): Session {
  return sessions.at(-1) ?? sessions[0];
}

async function listOf(session: Session, page: { first?: number; after?: string | null } = {}) {
  const { viewer } = await gateway.send(FullSessionsDocument, page, session.accessToken);
  if (!viewer) throw new Error('no user is signed in');
  return viewer.sessions;
}

const idsOf = (sessions: readonly Session[]) => sessions.map(({ session }) => session.id);
const listedIds = async (session: Session) => (await listOf(session)).nodes.map(({ id }) => id);

const revoke = (session: Session, id: string) =>
  gateway.send(RevokeSessionDocument, { input: { id } }, session.accessToken);
const revokeOthers = async (session: Session, signedInBefore?: string) => {
  const input = signedInBefore === undefined ? {} : { signedInBefore };
  const answer = await gateway.send(RevokeOtherSessionsDocument, { input }, session.accessToken);
  return answer.revokeOtherSessions.revokedCount;
};

interface EndedEntry {
  targetId: string;
  actorId: string | null;
  outcome: string;
  reason: string;
}

/** The audit entries about the ends of the sessions. */
function endsOf(sessions: readonly Session[]): Promise<EndedEntry[]> {
  return gateway.database.query<EndedEntry>(
    `select target_id as "targetId", actor_id as "actorId", outcome, details ->> 'reason' as reason
     from audit_entries where action = 'session.ended' and target_type = 'session' and session_id::text = target_id
       and target_id = any($1) order by target_id`,
    [idsOf(sessions)],
  );
}

describe('the list of sessions', () => {
  test('shows each device with network and method, newest first, and marks the current one', async () => {
    const email = await newUser();
    const headers = { 'user-agent': 'Lantern/7 (test)' };
    gateway.clock.travel(1);
    const phoneSince = gateway.clock.now().toISOString();
    const login = { input: { email, password: goodPassword, deviceName: 'Ada’s phone', rememberMe: true } };
    await gateway.post({ query: print(FullLoginDocument), variables: login }, headers);
    const laptop = await signInNext(email);
    const query = `{ viewer { sessions { nodes {
      id current createdAt lastUsedAt expiresAt ipAddress userAgent deviceName assurance methods } } } }`;
    const answer = await gateway.post({ query }, bearer(laptop.accessToken));
    expect(await answer.json()).toEqual({
      data: {
        viewer: {
          sessions: {
            nodes: [
              { ...laptop.session, current: true, userAgent: 'node', deviceName: null },
              {
                id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
                current: false,
                createdAt: phoneSince,
                lastUsedAt: phoneSince,
                expiresAt: new Date(new Date(phoneSince).getTime() + 30 * day * 1000).toISOString(),
                ipAddress: '127.0.0.1',
                userAgent: 'Lantern/7 (test)',
                deviceName: 'Ada’s phone',
                assurance: 'AAL1',
                methods: ['PASSWORD'],
              },
            ],
          },
        },
      },
    });
  });

  test('marks the session of the request as current', async () => {
    const [first, second] = await signInTimes(await newUser(), 2);
    for (const session of [first, second ?? first]) {
      const current = (await listOf(session)).nodes.filter((node) => node.current);
      expect(current.map(({ id }) => id)).toEqual([session.session.id]);
    }
  });

  test('shows the last use of a session without changing its sign-in or its position', async () => {
    const [older, newer] = await signInTimes(await newUser(), 2);
    gateway.clock.travel(60);
    const refreshed = await older.refresh();
    const { nodes } = await listOf(refreshed);
    expect(nodes).toMatchObject([
      { id: newer?.session.id, lastUsedAt: newer?.session.createdAt },
      {
        id: older.session.id,
        createdAt: older.session.createdAt,
        lastUsedAt: gateway.clock.now().toISOString(),
      },
    ]);
  });

  test('omits sessions that were signed out, revoked, or ended by a stolen token', async () => {
    const sessions = await signInTimes(await newUser(), 5);
    const [signedOut, revoked, stolen, kept] = sessions;
    const current = lastOf(sessions);
    if (!revoked || !stolen || !kept) throw new Error('there are not enough sessions');
    await signedOut.signOut();
    await revoke(current, revoked.session.id);
    await (await stolen.refresh()).refresh();
    expect(await refusal(stolen.refresh())).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
    expect(await listedIds(current)).toEqual(idsOf([current, kept]));
    expect((await listOf(current)).totalCount).toBe(2);
    const ends = await endsOf(sessions);
    expect(ends).toEqual([
      { targetId: signedOut.session.id, actorId: current.viewer.id, outcome: 'SUCCESS', reason: 'logout' },
      { targetId: revoked.session.id, actorId: current.viewer.id, outcome: 'SUCCESS', reason: 'revoked' },
      { targetId: stolen.session.id, actorId: null, outcome: 'SUCCESS', reason: 'reuse_detected' },
    ]);
  });

  test('omits expired sessions', async () => {
    const [unused, used] = await signInTimes(await newUser(), 2);
    gateway.clock.travel(7 * day - 10);
    const renewed = await (used ?? unused).refresh();
    expect((await listOf(renewed)).totalCount).toBe(2);
    gateway.clock.travel(20);
    expect(await listedIds(renewed)).toEqual([renewed.session.id]);
    expect((await listOf(renewed)).totalCount).toBe(1);
  });

  test('never shows another user’s sessions, not even after their cursor', async () => {
    const [ada, grace] = [await newUser(), await newUser()];
    const [oldest] = await signInTimes(ada, 2);
    const ofGrace = await signInNext(grace);
    const newest = await signInNext(ada);
    expect(await listedIds(ofGrace)).toEqual([ofGrace.session.id]);
    const { pageInfo } = await listOf(ofGrace);
    const behind = (await listOf(newest, { after: pageInfo.endCursor ?? null })).nodes;
    expect(behind).toHaveLength(2);
    expect(behind.at(-1)?.id).toBe(oldest.session.id);
    expect(await listedIds(newest)).not.toContain(ofGrace.session.id);
  });

  test('is refused for a role without sessions:own, and so is revocation', async () => {
    const email = await newUser();
    const [other, session] = [await signInNext(email), await signInNext(email)];
    await gateway.database.query(`update users set role_name = 'GUEST' where email = $1`, [email]);
    const refused = [
      await refusal(listOf(session)),
      await refusal(revoke(session, other.session.id)),
      await refusal(revokeOthers(session)),
    ];
    for (const error of refused) {
      expect(error).toMatchObject({ code: 'FORBIDDEN', extensions: { requiredPermission: 'sessions:own' } });
    }
    await expectSignedIn(other, session);
    await gateway.database.query(`update users set role_name = 'USER' where email = $1`, [email]);
    expect(await listedIds(session)).toHaveLength(2);
  });

  test('cannot be revoked by an anonymous caller', async () => {
    const session = await signInNext(await newUser());
    const anonymous = { ...session, accessToken: '' };
    const expected = { code: 'UNAUTHENTICATED', extensions: { reason: 'NO_CREDENTIALS' } };
    expect(await refusal(revoke(anonymous, session.session.id))).toMatchObject(expected);
    expect(await refusal(revokeOthers(anonymous))).toMatchObject(expected);
    await expectSignedIn(session);
  });
});

describe('the pages of the list', () => {
  test('traverse all sessions once, newest first', async () => {
    const sessions = await signInTimes(await newUser(), 5);
    const current = lastOf(sessions);
    const seen: string[] = [];
    const shapes: object[] = [];
    let after: string | null = null;
    for (;;) {
      const page: Awaited<ReturnType<typeof listOf>> = await listOf(current, { first: 2, after });
      expect(page.totalCount).toBe(5);
      expect(page.edges.map(({ node }) => node.id)).toEqual(page.nodes.map(({ id }) => id));
      expect(page.pageInfo.startCursor).toBe(page.edges.at(0)?.cursor);
      expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor);
      seen.push(...page.nodes.map(({ id }) => id));
      const { hasNextPage, hasPreviousPage } = page.pageInfo;
      shapes.push({ size: page.nodes.length, hasNextPage, hasPreviousPage });
      if (!hasNextPage) break;
      after = page.pageInfo.endCursor ?? null;
    }
    expect(seen).toEqual(idsOf(sessions).reverse());
    expect(shapes).toEqual([
      { size: 2, hasNextPage: true, hasPreviousPage: false },
      { size: 2, hasNextPage: true, hasPreviousPage: true },
      { size: 1, hasNextPage: false, hasPreviousPage: true },
    ]);
  });

  test('stay consistent while sessions are added and revoked', async () => {
    const email = await newUser();
    const sessions = await signInTimes(email, 4);
    const current = lastOf(sessions);
    const first = await listOf(current, { first: 2 });
    await signInNext(email);
    const [, atTheCursor] = first.nodes;
    await revoke(current, atTheCursor?.id ?? '');
    const second = await listOf(current, { first: 2, after: first.pageInfo.endCursor ?? null });
    expect(second.nodes.map(({ id }) => id)).toEqual(idsOf(sessions.slice(0, 2)).reverse());
    expect(second.pageInfo.hasNextPage).toBe(false);
  });

  test('end in an empty page after the last session', async () => {
    const sessions = await signInTimes(await newUser(), 2);
    const current = lastOf(sessions);
    const { pageInfo } = await listOf(current);
    expect(await listOf(current, { after: pageInfo.endCursor ?? null })).toEqual({
      totalCount: 2,
      nodes: [],
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
    });
  });

  test.each([-1, 101, 2_147_483_647])('cannot hold %d sessions', async (first) => {
    const session = await signInNext(await newUser());
    expect((await refusal(listOf(session, { first }))).extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: 'first', code: 'OUT_OF_RANGE' }],
    });
  });

  test('have at most a hundred and at least one', async () => {
    const sessions = await signInTimes(await newUser(), 2);
    expect((await listOf(lastOf(sessions), { first: 100 })).nodes).toHaveLength(2);
    expect((await listOf(lastOf(sessions), { first: 1 })).nodes).toHaveLength(1);
  });

  test.each(['not a cursor', 'AAAA', 'A'.repeat(23), "' or 1=1 --", 'A'.repeat(60)])(
    'refuse an invalid cursor: %.30s',
    async (after) => {
      const session = await signInNext(await newUser());
      const error = await refusal(listOf(session, { after }));
      expect(error.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        fields: [{ path: 'after', code: 'INVALID_CURSOR' }],
      });
      expect(JSON.stringify(error)).not.toContain(after);
    },
  );

  test('report every problem at once', async () => {
    const session = await signInNext(await newUser());
    const { extensions } = await refusal(listOf(session, { first: -1, after: 'nonsense' }));
    expect(extensions.fields).toMatchObject([{ path: 'first' }, { path: 'after' }]);
  });
});

describe('revocation of one session', () => {
  test('invalidates its access token and its refresh token at once, and no other session', async () => {
    const email = await newUser();
    const [lost, other, current] = [await signInNext(email), await signInNext(email), await signInNext(email)];
    const successor = await lost.refresh();
    expect((await revoke(current, lost.session.id)).revokeSession.revokedCount).toBe(1);
    await expectSignedOut(successor, lost);
    await expectSignedIn(other, current);
    expect((await other.refresh()).session.id).toBe(other.session.id);
    expect(await endsOf([lost, other, current])).toEqual([
      { targetId: lost.session.id, actorId: current.viewer.id, outcome: 'SUCCESS', reason: 'revoked' },
    ]);
  });

  test('works on the current session', async () => {
    const [other, current] = await signInTimes(await newUser(), 2);
    if (!current) throw new Error('there is no second session');
    expect((await revoke(current, current.session.id)).revokeSession.revokedCount).toBe(1);
    await expectSignedOut(current);
    await expectSignedIn(other);
  });

  test('takes effect at another instance on its next request', async () => {
    const second = await startTestGateway({ ...lockoutOff, DATABASE_URL: gateway.database.url });
    try {
      second.clock.travel((gateway.clock.now().getTime() - second.clock.now().getTime()) / 1000);
      const [lost, current] = await signInTimes(await newUser(), 2);
      const there = () => second.send(FullViewerDocument, {}, lost.accessToken);
      expect((await there()).viewer?.id).toBe(lost.viewer.id);
      await revoke(current ?? lost, lost.session.id);
      expect((await refusal(there())).extensions).toMatchObject({ reason: 'SESSION_REVOKED' });
    } finally {
      await second.stop();
    }
  });

  test('gives the same response for another user’s session and an ended, expired, unknown or invalid one', async () => {
    const [ada, grace] = [await newUser(), await newUser()];
    const [forgotten, current] = await signInTimes(ada, 2);
    if (!current) throw new Error('there is no second session');
    gateway.clock.travel(7 * day - 10);
    const renewed = await current.refresh();
    gateway.clock.travel(20);
    const [ended, ofGrace] = [await signInNext(ada), await signInNext(grace)];
    await revoke(renewed, ended.session.id);

    const ids = [
      ofGrace.session.id,
      ended.session.id,
      forgotten.session.id,
      '0190a000-0000-7000-8000-000000000000',
      '',
      'x',
      '7',
      `${ofGrace.session.id} `,
      ofGrace.session.id.replaceAll('-', ''),
      `{${ofGrace.session.id}}`,
      "' or true --",
      '\u0000',
      'a'.repeat(100),
    ];
    const errors: TestError[] = [];
    for (const id of ids) errors.push(await refusal(revoke(renewed, id)));
    const seen = errors.map(({ code, status, message, extensions }) => ({
      code,
      status,
      message,
      extensions: Object.keys(extensions).sort(),
    }));
    expect(seen[0]).toMatchObject({ code: 'NOT_FOUND', status: 200, extensions: ['code', 'requestId'] });
    for (const one of seen) expect(one).toEqual(seen[0]);
    await expectSignedIn(ofGrace, renewed);
    expect(await endsOf([ofGrace, ended, forgotten, renewed])).toMatchObject([{ targetId: ended.session.id }]);
  });

  test('happens once for any number of parallel requests', async () => {
    const [lost, current] = await signInTimes(await newUser(), 2);
    if (!current) throw new Error('there is no second session');
    const calls = Array.from({ length: 20 }, () =>
      revoke(current, lost.session.id).then(
        () => 'ended',
        async (error: unknown) => (await refusal(Promise.reject(error))).code,
      ),
    );
    const outcomes = await Promise.all(calls);
    expect(outcomes.sort()).toEqual([...Array<string>(19).fill('NOT_FOUND'), 'ended']);
    expect(await endsOf([lost])).toHaveLength(1);
  });
});

describe('revocation of the other sessions', () => {
  test('keeps the current one, and those of other users', async () => {
    const [ada, grace] = [await newUser(), await newUser()];
    const others = await signInTimes(ada, 3);
    const current = await signInNext(ada);
    const ofGrace = await signInNext(grace);
    await others[0].signOut();
    const living = others.slice(1);
    expect(await revokeOthers(current)).toBe(2);
    await expectSignedOut(...others);
    await expectSignedIn(current, ofGrace);
    expect(await endsOf(living)).toEqual(
      living.map(({ session, viewer }) => ({
        targetId: session.id,
        actorId: viewer.id,
        outcome: 'SUCCESS',
        reason: 'revoked',
      })),
    );
    expect(await revokeOthers(current)).toBe(0);
  });

  test('before a time keeps younger ones, and the current one at any age', async () => {
    const email = await newUser();
    const current = await signInNext(email);
    const [old, borderline, young] = await signInTimes(email, 3);
    if (!borderline || !young) throw new Error('there are not enough sessions');
    // A refresh does not change the time of the sign-in.
    const used = await old.refresh();
    expect(await revokeOthers(current, borderline.session.createdAt)).toBe(1);
    await expectSignedOut(used);
    await expectSignedIn(current, borderline, young);
    expect(await endsOf([current, old, borderline, young])).toMatchObject([
      { targetId: old.session.id, reason: 'revoked' },
    ]);
    expect(await revokeOthers(current, '2020-01-01T00:00:00Z')).toBe(0);
    await expectSignedIn(current, borderline, young);
  });

  test('before a malformed time revokes none', async () => {
    const [other, current] = await signInTimes(await newUser(), 2);
    if (!current) throw new Error('there is no second session');
    expect((await refusal(revokeOthers(current, 'yesterday'))).code).toBe('BAD_USER_INPUT');
    await expectSignedIn(other, current);
  });
});

describe('the number of sessions', () => {
  const maxFamilies = 20;

  test('is twenty at most: the oldest sign-in is revoked for the next, however recently it was used', async () => {
    const email = await newUser();
    const [first, second, ...rest] = await signInTimes(email, maxFamilies);
    if (!second) throw new Error('there is no second session');
    const renewed = await first.refresh();
    await expectSignedIn(renewed, second, ...rest);
    const next = await signInNext(email);
    await expectSignedOut(renewed);
    await expectSignedIn(second, ...rest, next);
    expect((await listOf(next)).totalCount).toBe(maxFamilies);
    expect(await endsOf([first, second, ...rest, next])).toMatchObject([
      { targetId: first.session.id, outcome: 'SUCCESS', reason: 'superseded' },
    ]);
  });

  test('counts living ones only', async () => {
    const email = await newUser();
    const [first, ...rest] = await signInTimes(email, maxFamilies);
    const [signedOut] = rest;
    await signedOut?.signOut();
    await signInNext(email);
    await expectSignedIn(first);
  });

  test('of one user does not affect another', async () => {
    const bystander = await signInNext(await newUser());
    await signInTimes(await newUser(), maxFamilies + 2);
    await expectSignedIn(bystander);
  });

  test('is twenty after fifty parallel sign-ins too', async () => {
    const email = await newUser();
    const before = await signInTimes(email, 5);
    gateway.clock.travel(1);
    const signInWithRetry = async (): Promise<Session> => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await openSession(gateway, email);
        } catch (error) {
          const { code } = await refusal(Promise.reject(error));
          if (code !== 'SERVICE_BUSY' || attempt === 100) throw error;
        }
      }
    };
    const parallel = await Promise.all(Array.from({ length: 50 }, signInWithRetry));
    await expectSignedOut(...before);
    const living: Session[] = [];
    for (const session of parallel) {
      const { viewer } = await gateway
        .send(FullViewerDocument, {}, session.accessToken)
        .catch(async (error: unknown): Promise<{ viewer: null }> => {
          expect((await refusal(Promise.reject(error))).extensions.reason).toBe('SESSION_REVOKED');
          return { viewer: null };
        });
      if (viewer) living.push(session);
    }
    expect(living).toHaveLength(maxFamilies);
    const ends = await endsOf([...before, ...parallel]);
    expect(ends).toHaveLength(before.length + parallel.length - maxFamilies);
    expect(new Set(ends.map(({ reason }) => reason))).toEqual(new Set(['superseded']));
    const [anyLiving] = living;
    if (anyLiving) expect((await listedIds(anyLiving)).sort()).toEqual(idsOf(living).sort());
  });
});
