/** Webhooks: who manages them, what they receive, and when it is tried again. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type App, createApp } from '../../src/app/app.ts';
import { readConfig } from '../../src/config/config.ts';
import { cleanUp } from '../../src/domain/operations/clean-up.ts';
import { goodPassword, newAddress, refusal, signIn, testSecret } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  DeleteWebhookDocument,
  RedeliverDocument,
  RegisterDocument,
  RotateWebhookSecretDocument,
  SendTestEventDocument,
  UpdateWebhookDocument,
  type UpdateWebhookInput,
  WebhooksDocument,
} from '../support/generated/graphql.ts';
import { auditTrail } from '../support/people/audit.ts';
import {
  createUserWithRole,
  lockoutAndVerificationOff,
  type UserWithRole,
} from '../support/people/users-with-roles.ts';
import { createWebhook, deliveryWith, webhookAdmin, webhookOf } from '../support/people/webhooks.ts';
import { until } from '../support/races/until.ts';
import { answering, startWebhookReceiver, verify, type WebhookReceiver } from '../support/servers/webhook-receiver.ts';

const day = 24 * 60 * 60;
const gateway = useGateway({ ...lockoutAndVerificationOff, REAUTH_WINDOW: '1d', REFRESH_TOKEN_TTL: '30d' });
let admin: UserWithRole;
let receiver: WebhookReceiver;
let app: App;
beforeAll(async () => {
  admin = await webhookAdmin(gateway);
  const config = readConfig({ NODE_ENV: 'test', DATABASE_URL: gateway.database.url, SECRET: testSecret });
  app = await createApp(config, { clock: gateway.clock });
});
afterAll(() => app.close());
beforeEach(async () => {
  receiver = await startWebhookReceiver();
});
afterEach(async () => {
  for (const { id } of (await gateway.send(WebhooksDocument, {}, admin.accessToken)).webhooks) await remove(id);
  await receiver.stop();
});

const remove = (id: string) => gateway.send(DeleteWebhookDocument, { input: { id } }, admin.accessToken);
const update = async (input: UpdateWebhookInput) =>
  (await gateway.send(UpdateWebhookDocument, { input }, admin.accessToken)).updateWebhook.webhook;
const sendTest = async (webhookId: string) =>
  (await gateway.send(SendTestEventDocument, { input: { webhookId } }, admin.accessToken)).sendTestEvent.delivery;
const redeliver = (deliveryId: string) => gateway.send(RedeliverDocument, { input: { deliveryId } }, admin.accessToken);
const codeOf = async (call: Promise<unknown>) => (await refusal(call)).code;
const create = (url = receiver.url, more: { includeProfile?: boolean } = {}) =>
  createWebhook(gateway, admin, { url, events: ['USER_CREATED'], ...more });
const register = (email = newAddress(), displayName: string | null = null) =>
  gateway.send(RegisterDocument, { input: { email, password: goodPassword, displayName } });
const messages = (count: number) => until(`${count} messages`, () => receiver.received.length >= count);
/** The session of the administrator expires when the clock travels. */
async function travel(seconds: number): Promise<void> {
  gateway.clock.travel(seconds);
  const { accessToken } = await signIn(gateway, admin.email);
  admin = { ...admin, accessToken };
}

describe('a message', () => {
  test('is verified by the library of Standard Webhooks, and describes the event', async () => {
    const { id, secret } = await create();
    await register();
    await messages(1);
    const [message] = receiver.received;
    if (!message) throw new Error('no message');
    expect(verify(secret, message)).toEqual(message.event);
    expect(message.headers).toMatchObject({
      'webhook-id': message.event.id,
      'content-type': 'application/json',
      'user-agent': 'postern-webhooks/1',
    });
    expect(message.event).toMatchObject({
      type: 'user.created',
      version: 1,
      occurredAt: gateway.clock.now().toISOString(),
      data: { role: 'USER', through: 'registration', sessionId: null },
    });
    expect(message.event.data).not.toHaveProperty('profile');
    expect(await deliveryWith(gateway, admin, id, { status: 'DELIVERED' })).toMatchObject({
      eventId: message.event.id,
      event: 'USER_CREATED',
      attempt: 1,
      responseStatus: 204,
      nextAttemptAt: null,
    });
  });

  test('is refused by the library with another secret, with another byte, and six minutes later', async () => {
    const { secret } = await create();
    await register();
    await messages(1);
    const [message] = receiver.received;
    if (!message) throw new Error('no message');
    const wrong = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    expect(() => verify(wrong, message)).toThrow();
    expect(() => verify(secret, { ...message, body: Buffer.concat([message.body, Buffer.from(' ')]) })).toThrow();
    const sentAt = gateway.clock.now().getTime();
    expect(verify(secret, message, new Date(sentAt + 4 * 60_000))).toEqual(message.event);
    expect(() => verify(secret, message, new Date(sentAt + 6 * 60_000))).toThrow();
  });

  test('with a profile signs the bytes of a name outside of ASCII', async () => {
    const { secret } = await create(receiver.url, { includeProfile: true });
    const email = newAddress();
    await register(email, 'Zoë 東京 🦉 O’Brien');
    await messages(1);
    const [message] = receiver.received;
    if (!message) throw new Error('no message');
    expect(verify(secret, message)).toEqual(message.event);
    expect(message.event.data.profile).toEqual({ email, displayName: 'Zoë 東京 🦉 O’Brien', role: 'USER' });
  });

  test('goes only to webhooks that ask for the event and are enabled', async () => {
    const roles = await createWebhook(gateway, admin, { url: receiver.url, events: ['ROLE_CREATED'] });
    const disabled = await create();
    await update({ id: disabled.id, enabled: false });
    const asking = await create();
    await register();
    await deliveryWith(gateway, admin, asking.id, { status: 'DELIVERED' });
    expect((await webhookOf(gateway, admin, roles.id))?.deliveries.nodes).toEqual([]);
    expect((await webhookOf(gateway, admin, disabled.id))?.deliveries.nodes).toEqual([]);
    expect(receiver.received.length).toBe(1);
  });
});

describe('the secret', () => {
  test('is shown at the creation only, and stored sealed', async () => {
    const { id, secret } = await create();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const [row] = await gateway.database.query<{ sealed: Buffer }>('select secret_sealed as sealed from webhooks');
    const raw = Buffer.from(secret.slice('whsec_'.length), 'base64');
    expect(row?.sealed.includes(raw)).toBe(false);
    expect(JSON.stringify(await webhookOf(gateway, admin, id))).not.toContain(secret);
    expect(JSON.stringify(await auditTrail(gateway.database))).not.toContain(secret);
    expect(gateway.logs.join()).not.toContain(secret);
  });

  test('signs beside the new one until the overlap ends', async () => {
    const { id, secret: former } = await create();
    const input = { id, overlap: 60 };
    const { rotateWebhookSecret } = await gateway.send(RotateWebhookSecretDocument, { input }, admin.accessToken);
    expect(await codeOf(gateway.send(RotateWebhookSecretDocument, { input }, admin.accessToken))).toBe('CONFLICT');
    await register();
    await messages(1);
    gateway.clock.travel(61);
    await register();
    await messages(2);
    const [during, after] = receiver.received;
    if (!during || !after) throw new Error('no messages');
    expect(during.headers['webhook-signature']?.split(' ').length).toBe(2);
    expect(verify(former, during)).toEqual(during.event);
    expect(verify(rotateWebhookSecret.secret, during)).toEqual(during.event);
    expect(after.headers['webhook-signature']?.split(' ').length).toBe(1);
    expect(() => verify(former, after)).toThrow();
    expect(verify(rotateWebhookSecret.secret, after)).toEqual(after.event);
  });
});

describe('a failed attempt', () => {
  test('is repeated by the plan with the same webhook-id, until none is left', async () => {
    receiver.answer(answering(500, {}, 'the database of the receiver is away'));
    const { id } = await create();
    await register();
    const pauses = [5, 60, 300, 1800, 7200, 21_600, 43_200, 86_400];
    for (const [index, pause] of pauses.entries()) {
      const attempt = index + 1;
      const { nextAttemptAt, responseStatus, responseExcerpt } = await deliveryWith(gateway, admin, id, {
        status: 'FAILED',
        attempt,
      });
      expect({ responseStatus, responseExcerpt }).toEqual({
        responseStatus: 500,
        responseExcerpt: 'the database of the receiver is away',
      });
      const seconds = (Date.parse(nextAttemptAt ?? '') - gateway.clock.now().getTime()) / 1000;
      expect(seconds).toBeGreaterThanOrEqual(pause * 0.8 - 1);
      expect(seconds).toBeLessThanOrEqual(pause * 1.2 + 1);
      await travel(pause * 1.2 + 1);
    }
    expect((await deliveryWith(gateway, admin, id, { status: 'ABANDONED' })).attempt).toBe(9);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(9);
  });

  test('waits as long as Retry-After says, up to a day', async () => {
    receiver.answer(answering(503, { 'retry-after': '600' }));
    const { id } = await create();
    await register();
    const first = await deliveryWith(gateway, admin, id, { attempt: 1, status: 'FAILED' });
    expect(Date.parse(first.nextAttemptAt ?? '') - gateway.clock.now().getTime()).toBe(600_000);
    receiver.answer(answering(429, { 'retry-after': String(30 * day) }));
    await travel(600);
    const second = await deliveryWith(gateway, admin, id, { attempt: 2, status: 'FAILED' });
    expect(Date.parse(second.nextAttemptAt ?? '') - gateway.clock.now().getTime()).toBe(day * 1000);
  });

  test('delays no other webhook', async () => {
    const held: (() => void)[] = [];
    receiver.answer((response, { path }) => {
      if (path === '/slow') held.push(() => response.writeHead(204).end());
      else response.writeHead(204).end();
    });
    const slow = await create(`${receiver.url.replace('/events', '/slow')}`);
    const fast = await create();
    for (let count = 0; count < 10; count += 1) await register();
    await until('the fast messages', async () => {
      const nodes = (await webhookOf(gateway, admin, fast.id))?.deliveries.nodes ?? [];
      return nodes.length === 10 && nodes.every(({ status }) => status === 'DELIVERED');
    });
    // WEBHOOK_CONCURRENCY bounds the attempts at the slow endpoint.
    expect(held.length).toBe(4);
    for (const answer of held) answer();
    await remove(slow.id);
  });
});

describe('a webhook is disabled', () => {
  test('by the answer 410, with a mail to its administrators, and gives up what waits', async () => {
    receiver.answer(answering(410));
    const { id } = await create();
    await register();
    expect((await deliveryWith(gateway, admin, id, { status: 'ABANDONED' })).responseStatus).toBe(410);
    expect(await webhookOf(gateway, admin, id)).toMatchObject({ enabled: false, disabledReason: 'gone' });
    const mail = await gateway.mail.take(admin.email, 'A webhook was disabled');
    expect(mail.text).toContain(`127.0.0.1:${receiver.port}`);
    const [entry] = (await auditTrail(gateway.database, 'webhook.disabled')).toReversed();
    expect(entry).toMatchObject({ targetId: id, details: { reason: 'gone', host: `127.0.0.1:${receiver.port}` } });
  });

  test('by five days without a success, and begins with new events when it is enabled', async () => {
    receiver.answer(answering(500));
    const { id } = await create();
    await register();
    await deliveryWith(gateway, admin, id, { attempt: 1, status: 'FAILED' });
    await travel(5 * day - 10);
    await deliveryWith(gateway, admin, id, { attempt: 2, status: 'FAILED' });
    expect(await webhookOf(gateway, admin, id)).toMatchObject({ enabled: true });
    await travel(1000);
    await deliveryWith(gateway, admin, id, { attempt: 3 });
    await until('disabled', async () => (await webhookOf(gateway, admin, id))?.enabled === false);
    expect(await webhookOf(gateway, admin, id)).toMatchObject({ disabledReason: 'failing' });
    await register();
    await travel(1);
    receiver.answer(answering(204));
    await update({ id, enabled: true });
    expect(await webhookOf(gateway, admin, id)).toMatchObject({ disabledReason: null, failingSince: null });
    await register();
    await deliveryWith(gateway, admin, id, { status: 'DELIVERED' });
    const delivered = await webhookOf(gateway, admin, id, { status: 'DELIVERED' });
    expect(delivered?.deliveries.totalCount).toBe(1);
  });

  test('not when a success came in between', async () => {
    receiver.answer(answering(500));
    const { id } = await create();
    await register();
    await deliveryWith(gateway, admin, id, { attempt: 1, status: 'FAILED' });
    expect((await webhookOf(gateway, admin, id))?.failingSince).not.toBeNull();
    receiver.answer(answering(204));
    await travel(10);
    await deliveryWith(gateway, admin, id, { status: 'DELIVERED' });
    await until('no failure', async () => (await webhookOf(gateway, admin, id))?.failingSince === null);
  });
});

test('more than 10,000 waiting deliveries of a webhook give up the oldest', async () => {
  receiver.answer(answering(500));
  const { id } = await create();
  await gateway.database.query(
    `insert into webhook_deliveries (id, webhook_id, event_id, event_type, status, attempt, next_attempt_at, created_at)
     select gen_random_uuid(), $1, gen_random_uuid(), 'USER_CREATED', 'FAILED', 1, $2::timestamptz + interval '1 hour',
            $2::timestamptz - make_interval(secs => n)
     from generate_series(1, 10005) n`,
    [id, gateway.clock.now()],
  );
  await register();
  const entry = await until('the audit entry', async () =>
    (await auditTrail(gateway.database, 'webhook.backlog_dropped')).find(({ targetId }) => targetId === id),
  );
  expect(entry.details).toEqual({ count: 6 });
  const [left] = await gateway.database.query<{ oldest: number }>(
    `select count(*)::int as oldest from webhook_deliveries where webhook_id = $2 and status = 'ABANDONED' and created_at < $1::timestamptz - interval '9999 seconds'`,
    [gateway.clock.now(), id],
  );
  expect(left?.oldest).toBe(6);
});

describe('on demand', () => {
  test('sendTestEvent sends one event to one webhook', async () => {
    const { id, secret } = await createWebhook(gateway, admin, { url: receiver.url, events: ['ROLE_CREATED'] });
    const { status, event } = await sendTest(id);
    expect({ status, event }).toEqual({ status: 'PENDING', event: 'WEBHOOK_TEST' });
    await messages(1);
    const [message] = receiver.received;
    if (!message) throw new Error('no message');
    expect(verify(secret, message)).toMatchObject({ type: 'webhook.test', data: { webhookId: id, actorId: admin.id } });
    await update({ id, enabled: false });
    expect(await codeOf(gateway.send(SendTestEventDocument, { input: { webhookId: id } }, admin.accessToken))).toBe(
      'CONFLICT',
    );
  });

  test('redeliver repeats the same message with the same webhook-id', async () => {
    const { id } = await create();
    await register();
    const delivered = await deliveryWith(gateway, admin, id, { status: 'DELIVERED' });
    await redeliver(delivered.id);
    await messages(2);
    const [first, second] = receiver.received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body.equals(first?.body ?? Buffer.of())).toBe(true);
    expect(await codeOf(redeliver('019ad7e0-0000-7000-8000-000000000009'))).toBe('NOT_FOUND');
    expect(await codeOf(redeliver('none'))).toBe('NOT_FOUND');
  });

  test('redeliver is a conflict while an attempt is running', async () => {
    let release = (): void => undefined;
    receiver.answer((response) => {
      release = () => void response.writeHead(204).end();
    });
    const { id } = await create();
    await register();
    await messages(1);
    const [running] = (await webhookOf(gateway, admin, id))?.deliveries.nodes ?? [];
    expect(await codeOf(redeliver(running?.id ?? ''))).toBe('CONFLICT');
    release();
    await deliveryWith(gateway, admin, id, { status: 'DELIVERED', attempt: 1 });
  });

  test('redeliver is a conflict once the message is deleted, a week after the last attempt', async () => {
    const { id } = await create();
    await register();
    const delivered = await deliveryWith(gateway, admin, id, { status: 'DELIVERED' });
    await travel(6 * day);
    await cleanUp(app.dependencies());
    await redeliver(delivered.id);
    await deliveryWith(gateway, admin, id, { status: 'DELIVERED' });
    await travel(8 * day);
    await cleanUp(app.dependencies());
    expect(await codeOf(redeliver(delivered.id))).toBe('CONFLICT');
    expect((await deliveryWith(gateway, admin, id, {})).responseExcerpt).toBeNull();
    await travel(23 * day);
    await cleanUp(app.dependencies());
    expect((await webhookOf(gateway, admin, id))?.deliveries.nodes).toEqual([]);
  });

  test('redeliver is a conflict once the user is purged, and the message is gone', async () => {
    const { id } = await create(receiver.url, { includeProfile: true });
    const user = await createUserWithRole(gateway, 'USER');
    const delivered = await deliveryWith(gateway, admin, id, { status: 'DELIVERED' });
    await gateway.database.query(`update users set status = 'DELETED', deleted_at = $2 where id = $1`, [
      user.id,
      new Date(gateway.clock.now().getTime() - 31 * day * 1000),
    ]);
    await cleanUp(app.dependencies());
    expect(await codeOf(redeliver(delivered.id))).toBe('CONFLICT');
    const [row] = await gateway.database.query<{ bodies: number }>(
      'select count(*)::int as bodies from webhook_deliveries where user_id = $1 and body_sealed is not null',
      [user.id],
    );
    expect(row?.bodies).toBe(0);
  });
});

test('a webhook that is deleted during a delivery leaves nothing to deliver, and the worker goes on', async () => {
  const logged = gateway.logs.length;
  let release = (): void => undefined;
  receiver.answer((response) => {
    release = () => void response.writeHead(204).end();
  });
  const { id } = await create();
  await register();
  await messages(1);
  await remove(id);
  release();
  receiver.answer(answering(204));
  const next = await create();
  await register();
  await deliveryWith(gateway, admin, next.id, { status: 'DELIVERED' });
  const [row] = await gateway.database.query<{ count: number }>(
    `select count(*)::int as count from webhook_deliveries where webhook_id = $1 and status in ('PENDING', 'FAILED')`,
    [id],
  );
  expect(row?.count).toBe(0);
  expect(gateway.logs.slice(logged).join()).not.toContain('events could not be delivered');
});

describe('management', () => {
  test('needs webhooks:write, which ADMIN has and MODERATOR has not', async () => {
    const moderator = await createUserWithRole(gateway, 'MODERATOR');
    const { id } = await create();
    const refused = [
      () => createWebhook(gateway, moderator, { url: receiver.url, events: ['USER_CREATED'] }),
      () => gateway.send(WebhooksDocument, {}, moderator.accessToken),
      () => webhookOf(gateway, moderator, id),
      () => gateway.send(DeleteWebhookDocument, { input: { id } }, moderator.accessToken),
    ];
    for (const call of refused)
      expect(await refusal(call())).toMatchObject({
        code: 'FORBIDDEN',
        extensions: { requiredPermission: 'webhooks:write' },
      });
  });

  test('writes an audit entry for each change, without path and query of the address', async () => {
    const url = `${receiver.url}?token=of-the-receiver`;
    const { id } = await createWebhook(gateway, admin, { url, events: ['USER_CREATED', 'USER_DELETED'] });
    await update({ id, description: ' Billing ', events: ['USER_DELETED'] });
    await gateway.send(RotateWebhookSecretDocument, { input: { id, overlap: 0 } }, admin.accessToken);
    await update({ id, enabled: false });
    await remove(id);
    const entries = (await auditTrail(gateway.database)).filter(({ targetId }) => targetId === id);
    const host = `127.0.0.1:${receiver.port}`;
    expect(entries.map(({ action, details }) => [action, details])).toEqual([
      ['webhook.created', { host, events: ['USER_CREATED', 'USER_DELETED'] }],
      ['webhook.updated', { host, events: ['USER_DELETED'], fields: ['events', 'description'] }],
      ['webhook.secret_rotated', { host, overlapUntil: gateway.clock.now().toISOString() }],
      ['webhook.disabled', { host, reason: 'administrator' }],
      ['webhook.deleted', { host, events: ['USER_DELETED'] }],
    ]);
    expect(JSON.stringify(entries)).not.toContain('of-the-receiver');
  });

  test('refuses addresses that the gateway may not call, and tells nothing about names', async () => {
    const fieldsOf = async (url: string) => (await refusal(create(url))).extensions.fields;
    const invalid = (code = 'INVALID') => [expect.objectContaining({ path: 'input.url', code })];
    for (const url of [
      'https://169.254.169.254/',
      'https://10.0.0.1/',
      'https://[::ffff:10.0.0.1]/',
      'ftp://example.com/',
    ])
      expect([url, await fieldsOf(url)]).toEqual([url, invalid()]);
    for (const url of [
      'https://user:secret@example.com/',
      'https://example.com/#part',

      'none',
    ])
      expect([url, await fieldsOf(url)]).toEqual([url, invalid()]);
    expect(await fieldsOf(`https://example.com/${'x'.repeat(2048)}`)).toEqual(invalid('TOO_LONG'));
    await create('https://does-not-exist.internal.example/');
  });

  test('refuses no events, an overlap of eight days, and a 21st webhook', async () => {
    const none = await refusal(createWebhook(gateway, admin, { url: receiver.url, events: [] }));
    expect(none.extensions.fields).toEqual([expect.objectContaining({ path: 'input.events', code: 'REQUIRED' })]);
    const { id } = await create();
    const input = { id, overlap: 8 * day };
    const long = await refusal(gateway.send(RotateWebhookSecretDocument, { input }, admin.accessToken));
    expect(long.extensions.fields).toEqual([expect.objectContaining({ path: 'input.overlap', code: 'OUT_OF_RANGE' })]);
    for (let count = 1; count < 20; count += 1) await create();
    expect(await codeOf(create())).toBe('CONFLICT');
  });

  test('needs a recent authentication for another address and for profiles, not for the rest', async () => {
    const { id } = await create();
    const old = admin.accessToken;
    gateway.clock.travel(day + 60);
    const { accessToken } = await signIn(gateway, admin.email);
    await gateway.database.query(`update token_families set authenticated_at = $1 where revoked_at is null`, [
      new Date(gateway.clock.now().getTime() - 2 * day * 1000),
    ]);
    admin = { ...admin, accessToken };
    expect(old).not.toBe(accessToken);
    await update({ id, description: 'no secret in it' });
    for (const input of [
      { id, url: receiver.url },
      { id, includeProfile: true },
    ])
      expect(await codeOf(update(input))).toBe('REAUTHENTICATION_REQUIRED');
    expect(await codeOf(create())).toBe('REAUTHENTICATION_REQUIRED');
    admin = { ...admin, accessToken: (await signIn(gateway, admin.email)).accessToken };
  });
});
