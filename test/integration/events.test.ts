/** Events for other systems: each audited change that the catalogue names writes one, in its transaction. */
import pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { catalogue } from '../../src/domain/events/catalogue.ts';
import { goodPassword, newAddress, refusal, registerUser, signIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  ChangePasswordDocument,
  CreateRoleDocument,
  EventTypesDocument,
  FullRefreshDocument,
  LogoutDocument,
  SuspendUserDocument,
  UpdateProfileDocument,
} from '../support/generated/graphql.ts';
import { registerUserWithRole } from '../support/people/users-with-roles.ts';
import { allDispatched } from '../support/people/webhooks.ts';
import { until } from '../support/races/until.ts';

interface EventRow {
  id: string;
  type: string;
  userId: string | null;
  sessionId: string | null;
  actorId: string | null;
  auditEntryId: string;
  data: Record<string, unknown>;
  sameTransaction: boolean;
}

const gateway = useGateway();
let admin: Awaited<ReturnType<typeof registerUserWithRole>>;
beforeAll(async () => {
  admin = await registerUserWithRole(gateway, 'SUPER_ADMIN');
});

/** The events about a user, or about nobody, in their order. */
function eventsAbout(userId: string | null): Promise<EventRow[]> {
  return gateway.database.query<EventRow>(
    `select e.id, e.type, e.user_id as "userId", e.session_id as "sessionId", e.actor_id as "actorId",
            e.audit_entry_id as "auditEntryId", e.data, a.inserted_by = e.xact as "sameTransaction"
     from events e join audit_entries a on a.id = e.audit_entry_id
     where e.user_id is not distinct from $1::uuid order by e.xact, e.id`,
    [userId],
  );
}

describe('a change writes its event in the transaction of its audit entry', () => {
  test('registration and sign-in', async () => {
    const email = await registerUser(gateway);
    const { viewer, session } = await signIn(gateway, email);
    const events = await eventsAbout(viewer.id);
    expect(
      events.map(({ type, sessionId, actorId, data, sameTransaction }) => ({
        type,
        sessionId,
        actorId,
        data,
        sameTransaction,
      })),
    ).toEqual([
      {
        type: 'USER_CREATED',
        sessionId: null,
        actorId: viewer.id,
        data: { role: 'USER', through: 'registration' },
        sameTransaction: true,
      },
      {
        type: 'SESSION_STARTED',
        sessionId: session.id,
        actorId: viewer.id,
        data: { methods: ['PASSWORD'], device: 'new', provider: null },
        sameTransaction: true,
      },
    ]);
  });

  test('logout, which is one statement, and names the owner of the session', async () => {
    const { viewer, session, refreshToken } = await signIn(gateway, await registerUser(gateway));
    await gateway.send(LogoutDocument, { input: { refreshToken } });
    const [, , ended] = await eventsAbout(viewer.id);
    expect(ended).toMatchObject({
      type: 'SESSION_ENDED',
      sessionId: session.id,
      data: { reason: 'logout' },
      sameTransaction: true,
    });
  });

  test('suspension, by another user', async () => {
    const { viewer } = await signIn(gateway, await registerUser(gateway));
    await gateway.send(SuspendUserDocument, { input: { userId: viewer.id } }, admin.accessToken);
    const events = await eventsAbout(viewer.id);
    expect(events.map(({ type }) => type).toSorted()).toEqual([
      'SESSION_ENDED',
      'SESSION_STARTED',
      'USER_CREATED',
      'USER_SUSPENDED',
    ]);
    for (const { type, actorId } of events.slice(2)) expect([type, actorId]).toEqual([type, admin.viewer.id]);
  });

  test('a role, which concerns no user', async () => {
    const input = { name: 'SUPPORT_DESK', rank: 30, permissions: ['sessions:own'] };
    await gateway.send(CreateRoleDocument, { input }, admin.accessToken);
    const events = await eventsAbout(null);
    expect(events.find(({ type }) => type === 'ROLE_CREATED')).toMatchObject({
      actorId: admin.viewer.id,
      data: { role: 'SUPPORT_DESK', rank: 30, permissions: ['sessions:own'] },
    });
  });
});

test('a refresh writes no event', async () => {
  const { viewer, refreshToken } = await signIn(gateway, await registerUser(gateway));
  const before = await eventsAbout(viewer.id);
  await gateway.send(FullRefreshDocument, { input: { refreshToken } });
  expect(await eventsAbout(viewer.id)).toEqual(before);
});

test('a refused change writes no event', async () => {
  const { viewer, accessToken } = await signIn(gateway, await registerUser(gateway));
  const before = await eventsAbout(viewer.id);
  const input = { currentPassword: 'Wrong 7 lanterns', newPassword: 'Another 8 lanterns' };
  expect((await refusal(gateway.send(ChangePasswordDocument, { input }, accessToken))).code).toBe(
    'INVALID_CREDENTIALS',
  );
  expect(await eventsAbout(viewer.id)).toEqual(before);
});

describe('the catalogue', () => {
  test('is what eventTypes returns, for callers with audit:read', async () => {
    const { eventTypes } = await gateway.send(EventTypesDocument, {}, admin.accessToken);
    expect(eventTypes).toEqual(catalogue);
    const { accessToken } = await signIn(gateway, await registerUser(gateway));
    expect((await refusal(gateway.send(EventTypesDocument, {}, accessToken))).code).toBe('FORBIDDEN');
  });

  test('has the wire names of the contract', () => {
    expect(catalogue.map(({ name }) => name)).toEqual([
      ...['user.created', 'user.updated', 'user.role_changed', 'user.suspended', 'user.reactivated'],
      ...['user.deleted', 'user.restored', 'user.purged', 'email.changed', 'password.changed'],
      ...['mfa.enabled', 'mfa.disabled', 'session.started', 'session.ended', 'account.locked', 'account.unlocked'],
      ...['identity.linked', 'identity.unlinked', 'api_key.created', 'api_key.revoked'],
      ...[
        'role.created',
        'role.updated',
        'role.deleted',
        'token.reuse_detected',
        'signing_key.rotated',
        'webhook.test',
      ],
    ]);
  });

  test('describes every member that stored events have', async () => {
    const { accessToken } = await signIn(gateway, await registerUser(gateway));
    await gateway.send(UpdateProfileDocument, { input: { displayName: 'Ada' } }, accessToken);
    const stored = await gateway.database.query<{ type: string; data: object }>('select type, data from events');
    expect(stored.length).toBeGreaterThan(5);
    for (const { type, data } of stored) {
      const members = Object.keys(data).toSorted();
      expect([type, members]).toEqual([type, membersOf(type)]);
    }
  });
});

/** Of `data`, without those of every event. */
function membersOf(type: string): string[] {
  const schema = catalogue.find((definition) => definition.type === type)?.schema;
  const { properties } = JSON.parse(JSON.stringify(schema));
  const common = ['userId', 'sessionId', 'actorId'];
  return properties.data.required.filter((name: string) => !common.includes(name)).toSorted();
}

describe('the fan-out', () => {
  test('leaves no event behind, also without webhooks', async () => {
    await signIn(gateway, await registerUser(gateway));
    await allDispatched(gateway);
  });

  test('takes the event of a transaction that commits after later ones', async () => {
    const slow = new pg.Client(gateway.database.url);
    await slow.connect();
    const id = '019ad7e0-0000-7000-8000-000000000001';
    await slow.query('begin');
    await slow.query(
      `insert into events (id, type, occurred_at, data) values ($1, 'USER_UPDATED', now(), '{"fields": []}')`,
      [id],
    );
    await signIn(gateway, await registerUser(gateway));
    await allDispatched(gateway);
    await slow.query('commit');
    await slow.end();
    await until('the slow event', async () => {
      const [row] = await gateway.database.query<{ done: boolean }>(
        'select dispatched_at is not null as done from events where id = $1',
        [id],
      );
      return row?.done;
    });
  });

  test('takes events of a restored dump, whose transactions have numbers of another cluster', async () => {
    await gateway.database.query(
      `insert into events (id, xact, type, occurred_at, data)
       select gen_random_uuid(), '9000000000000000000', 'USER_UPDATED', now(), '{"fields": []}' from generate_series(1, 150)`,
    );
    await allDispatched(gateway);
  });

  test('takes 10,000 events of one transaction', async () => {
    await gateway.database.query(
      `insert into events (id, type, occurred_at, data)
       select gen_random_uuid(), 'USER_UPDATED', now(), '{"fields": []}' from generate_series(1, 10000)`,
    );
    await allDispatched(gateway);
  });
});

test('the password and the address of a user are in no event', async () => {
  const email = newAddress();
  await registerUser(gateway, email);
  await signIn(gateway, email);
  const stored = JSON.stringify(await gateway.database.query('select type, data from events'));
  for (const secret of [email, goodPassword, '127.0.0.1']) expect(stored).not.toContain(secret);
});
