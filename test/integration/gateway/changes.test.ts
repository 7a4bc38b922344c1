/** Subscriptions, and a supergraph that changes. */
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { planners, useShop } from '../../support/federation/use-shop.ts';
import { until } from '../../support/races/until.ts';

describe.each(planners)('a subscription with the %s planner', (planner) => {
  const gateway = useShop({ planner });

  function open(query: string, token?: string): { read(): string; closed: Promise<void>; abort(): void } {
    const aborted = new AbortController();
    let text = '';
    const closed = fetch(gateway.url, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query }),
      signal: aborted.signal,
    })
      .then(async ({ body }) => {
        for await (const chunk of body ?? []) text += new TextDecoder().decode(chunk);
      })
      .catch(() => undefined);
    return { read: () => text, closed, abort: () => aborted.abort() };
  }

  test('Each event is completed: a refused field is null and never fetched', async () => {
    gateway.received();
    const stream = open('subscription { sold { name stock } }');
    const events = await until('an event', async () => {
      gateway.shop.sell('1');
      return stream.read().includes('Lamp') && stream.read();
    });
    stream.abort();
    expect(events).toContain('"stock":null');
    expect(events).toContain('UNAUTHENTICATED');
    expect(gateway.received()).not.toContain('stock');
  });

  test('A revoked session ends the stream with its reason', async () => {
    const token = await gateway.postern.token({ sessionId: `stream-${planner}` });
    const stream = open('subscription { sold { name price } }', token);
    await until('an event', async () => {
      gateway.shop.sell('1');
      return stream.read().includes('"price":10');
    });
    gateway.postern.revokeSession(`stream-${planner}`);
    await stream.closed;
    expect(stream.read()).toMatch(/SESSION_REVOKED[\s\S]*event: complete/);
  });

  test('An expired token ends the stream with its reason', async () => {
    const token = await gateway.postern.token({ sessionId: 'short', expiresInSeconds: -3 });
    const stream = open('subscription { sold { name } }', token);
    await stream.closed;
    expect(stream.read()).toContain('TOKEN_EXPIRED');
  });
});

describe('a new supergraph', () => {
  const gateway = useShop();
  const metrics = async () => (await fetch(gateway.url.replace('/graphql', '/metrics'))).text();

  test('is in use without a failed request; one that does not parse is rejected and counted', async () => {
    const sdl = await readFile(gateway.supergraph, 'utf8');
    const statuses = new Set<number>();
    let isLoaded = false;
    const load = async () => {
      while (!isLoaded) statuses.add((await gateway.ask('{ version }')).status);
    };
    const loads = [load(), load(), load()];
    await writeFile(
      gateway.supergraph,
      sdl.replace('version: String!', 'edition: String @join__field(graph: SHOP)\n  version: String!'),
    );
    await until('the new field', async () =>
      (await gateway.ask('{ __type(name: "Query") { fields { name } } }')).text.includes('edition'),
    );
    isLoaded = true;
    await Promise.all(loads);
    expect([...statuses]).toEqual([200]);

    await writeFile(gateway.supergraph, 'type Query {');
    await until('the rejection', async () => /supergraph_errors_total 1/.test(await metrics()));
    expect((await gateway.ask('{ version }')).data).toEqual({ version: '1' });

    await writeFile(gateway.supergraph, sdl.replaceAll('"weekday"', '"unknown"'));
    await until('the rejection', async () => /supergraph_errors_total 2/.test(await metrics()));
    expect((await gateway.ask('{ version }')).data).toEqual({ version: '1' });
  });
});
