/** Endpoints that attack the gateway: addresses of the own network, redirects, answers without end, broken HTTP. */
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { goodPassword, newAddress } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { RegisterDocument } from '../support/generated/graphql.ts';
import { lockoutAndVerificationOff, type UserWithRole } from '../support/people/users-with-roles.ts';
import { createWebhook, deliveryWith, webhookAdmin } from '../support/people/webhooks.ts';
import { freePort, portOf } from '../support/servers/free-port.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/servers/webhook-receiver.ts';

describe('an address of the own network', async () => {
  const port = await freePort();
  const settings = { OUTBOUND_ALLOW: '192.0.2.0/24', OUTBOUND_PORTS: String(port) };
  const gateway = useGateway({ ...lockoutAndVerificationOff, ...settings });
  let connections = 0;
  let server: Server;
  beforeAll(async () => {
    server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(port, resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test('that a name resolves to is not connected to, and the delivery fails', async () => {
    const admin = await webhookAdmin(gateway);
    const { id } = await createWebhook(gateway, admin, { url: `https://localhost:${port}/`, events: ['USER_CREATED'] });
    await gateway.send(RegisterDocument, { input: { email: newAddress(), password: goodPassword } });
    expect(await deliveryWith(gateway, admin, id, { status: 'FAILED' })).toMatchObject({
      responseStatus: null,
      responseExcerpt: 'The gateway may not call this address: it is not public.',
    });
    expect(connections).toBe(0);
  });
});

describe('an endpoint', () => {
  const gateway = useGateway(lockoutAndVerificationOff);
  let admin: UserWithRole;
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    admin = await webhookAdmin(gateway);
  });
  beforeEach(async () => {
    receiver = await startWebhookReceiver();
  });
  afterEach(() => receiver.stop());

  const deliverTo = async (url: string) => {
    const { id } = await createWebhook(gateway, admin, { url, events: ['USER_CREATED'] });
    await gateway.send(RegisterDocument, { input: { email: newAddress(), password: goodPassword } });
    return id;
  };

  test('that redirects is not followed', async () => {
    const target = await startWebhookReceiver();
    receiver.answer((response) => response.writeHead(307, { location: target.url }).end());
    const id = await deliverTo(receiver.url);
    expect(await deliveryWith(gateway, admin, id, { status: 'FAILED' })).toMatchObject({ responseStatus: 307 });
    expect(target.connections()).toBe(0);
    await target.stop();
  });

  test('that sends a gigabyte is cut off after a kilobyte, and its status counts', async () => {
    const block = Buffer.alloc(64 * 1024, 'x');
    let sent = 0;
    receiver.answer((response) => {
      response.writeHead(200);
      const send = () => {
        while (sent < 2 ** 30 && !response.destroyed) {
          sent += block.length;
          if (!response.write(block)) {
            response.once('drain', send);
            return;
          }
        }
        response.end();
      };
      send();
    });
    const id = await deliverTo(receiver.url);
    const { responseExcerpt, responseStatus } = await deliveryWith(gateway, admin, id, { status: 'DELIVERED' });
    expect({ responseStatus, length: responseExcerpt?.length }).toEqual({ responseStatus: 200, length: 1024 });
    // What the kernel buffers of both sides, and no more.
    expect(sent).toBeLessThan(32 * 2 ** 20);
  });

  test('that drips its answer is given up after five seconds', async () => {
    const timers: NodeJS.Timeout[] = [];
    receiver.answer((response) => {
      response.writeHead(200);
      timers.push(setInterval(() => response.write('x'), 200));
    });
    const started = Date.now();
    const id = await deliverTo(receiver.url);
    expect(await deliveryWith(gateway, admin, id, { status: 'FAILED' })).toMatchObject({
      responseStatus: null,
      responseExcerpt: 'No complete answer within 5 seconds.',
    });
    expect(Date.now() - started).toBeGreaterThan(4500);
    for (const timer of timers) clearInterval(timer);
  });

  test('that speaks HTTP/0.9, or no HTTP, fails', async () => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.end('<html>accepted</html>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const id = await deliverTo(`http://127.0.0.1:${portOf(server)}/`);
    expect(await deliveryWith(gateway, admin, id, { status: 'FAILED' })).toMatchObject({ responseStatus: null });
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
});
