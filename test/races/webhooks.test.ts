/** Two instances share the deliveries, and administrators change webhooks meanwhile. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goodPassword, newAddress, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { RedeliverDocument, RegisterDocument, UpdateWebhookDocument } from '../support/generated/graphql.ts';
import { lockoutAndVerificationOff, type UserWithRole } from '../support/people/users-with-roles.ts';
import { allDispatched, createWebhook, deliveryWith, webhookAdmin, webhookOf } from '../support/people/webhooks.ts';
import { atOnce, codesOf } from '../support/races/at-once.ts';
import { until } from '../support/races/until.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/servers/webhook-receiver.ts';

let gateway: TestGateway;
let other: TestGateway;
let admin: UserWithRole;
let receiver: WebhookReceiver;
beforeAll(async () => {
  gateway = await startTestGateway(lockoutAndVerificationOff);
  other = await startTestGateway(lockoutAndVerificationOff, gateway);
  admin = await webhookAdmin(gateway);
  receiver = await startWebhookReceiver();
});
afterAll(async () => {
  await receiver.stop();
  await other.stop();
  await gateway.stop();
});

const register = () => gateway.send(RegisterDocument, { input: { email: newAddress(), password: goodPassword } });

test('two instances deliver each event once', async () => {
  const { id } = await createWebhook(gateway, admin, { url: receiver.url, events: ['USER_CREATED'] });
  await Promise.all(Array.from({ length: 40 }, register));
  await until('40 deliveries', async () => {
    const found = await webhookOf(gateway, admin, id, { status: 'DELIVERED' });
    return found?.deliveries.totalCount === 40;
  });
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  expect(ids.length).toBe(40);
  expect(new Set(ids).size).toBe(40);
});

test('a webhook that is disabled while events come has no waiting delivery afterwards', async () => {
  const { id } = await createWebhook(gateway, admin, { url: receiver.url, events: ['USER_CREATED'] });
  for (let round = 0; round < 10; round += 1) {
    const input = { id, enabled: round % 2 === 1 };
    await Promise.all([
      ...Array.from({ length: 5 }, register),
      gateway.send(UpdateWebhookDocument, { input }, admin.accessToken),
    ]);
    if (input.enabled) continue;
    await allDispatched(gateway);
    const [row] = await gateway.database.query<{ waiting: number }>(
      `select count(*)::int as waiting from webhook_deliveries where webhook_id = $1 and status in ('PENDING', 'FAILED')`,
      [id],
    );
    expect(row?.waiting).toBe(0);
  }
});

test('parallel calls of redeliver and both workers never run two attempts at once', async () => {
  let running = 0;
  let most = 0;
  receiver.answer((response, { path }) => {
    if (path !== '/one') {
      response.writeHead(204).end();
      return;
    }
    running += 1;
    most = Math.max(most, running);
    setTimeout(() => {
      running -= 1;
      response.writeHead(204).end();
    }, 50);
  });
  const url = receiver.url.replace('/events', '/one');
  await allDispatched(gateway);
  const { id } = await createWebhook(gateway, admin, { url, events: ['USER_CREATED'] });
  await register();
  const { id: deliveryId } = await deliveryWith(gateway, admin, id, { status: 'DELIVERED' });
  for (let round = 0; round < 5; round += 1) {
    const input = { deliveryId };
    const calls = await atOnce(6, () => gateway.send(RedeliverDocument, { input }, admin.accessToken));
    expect(Object.keys(codesOf(calls)).every((code) => code === 'CONFLICT')).toBe(true);
    await deliveryWith(gateway, admin, id, { status: 'DELIVERED' });
  }
  expect(most).toBe(1);
});
