/** A name whose addresses change: the connection goes to the address that was checked, and to no other. */
import dns, { type LookupAddress } from 'node:dns';
import { createServer, type Server } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { createOutbound } from '../../src/outbound/outbound.ts';
import { untraced } from '../../src/trace.ts';

/** What the resolver answers, one answer after the other. */
const resolver: { answers: string[]; asked: number } = { answers: [], asked: 0 };

const { lookup } = dns;

function answer(_name: string, _options: object, callback: (error: null, addresses: LookupAddress[]) => void): void {
  const address = resolver.answers[Math.min(resolver.asked, resolver.answers.length - 1)] ?? '';
  resolver.asked += 1;
  callback(null, [{ address, family: 4 }]);
}

const port = 43_127;
const servers: Server[] = [];
const connections: Record<string, number> = {};

async function listen(address: string): Promise<void> {
  const server = createServer((_, response) => response.end(address));
  server.on('connection', () => {
    connections[address] = (connections[address] ?? 0) + 1;
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
}

beforeAll(async () => {
  await listen('127.0.0.1');
  await listen('127.0.0.2');
  Object.assign(dns, { lookup: answer });
  syncBuiltinESMExports();
});
beforeEach(() => {
  resolver.asked = 0;
  for (const address of Object.keys(connections)) delete connections[address];
});
afterAll(async () => {
  Object.assign(dns, { lookup });
  syncBuiltinESMExports();
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const outbound = createOutbound({
  settings: { allow: ['127.0.0.2/32'], ports: [] },
  nowMs: () => 0,
  metrics: createMetrics(),
  trace: untraced,
  logger: createLogger('silent', { write: () => undefined }),
});
const call = () => outbound.fetch(`http://rebinding.example.com:${port}/`, { purpose: 'webhook' });

test('an address that changes after the check is not connected to', async () => {
  resolver.answers = ['127.0.0.2', '127.0.0.1'];
  expect(await (await call()).text()).toBe('127.0.0.2');
  expect(connections).toEqual({ '127.0.0.2': 1 });
  expect(resolver.asked).toBe(1);
});

test('each call checks again: a name that leads into the own network by then is refused without a connection', async () => {
  resolver.answers = ['127.0.0.2', '127.0.0.1'];
  await call();
  await expect(call()).rejects.toThrow('the address is not public');
  expect(connections).toEqual({ '127.0.0.2': 1 });
});
