/** What the gateway refuses before it asks a subgraph: limits, documents, policies. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverAudits } from 'graphql-http';
import { afterAll, describe, expect, test } from 'vitest';
import type { PolicyContext } from '../../../packages/gateway/src/gateway.ts';
import { useShop } from '../../support/federation/use-shop.ts';
import { errorOf } from '../../support/gateway/answer.ts';

const folder = await mkdtemp(join(tmpdir(), 'postern-documents-'));
afterAll(() => rm(folder, { recursive: true }));

describe('limits', () => {
  const gateway = useShop({ limits: { perSource: '3/1m' }, trustedProxies: ['127.0.0.1'] });

  test('A source above its limit is refused with the time to wait; another source is not', async () => {
    const from = (source: string) => gateway.ask('{ version }', { headers: { 'x-forwarded-for': source } });
    for (let times = 0; times < 3; times += 1) expect((await from('192.0.2.1')).status).toBe(200);
    const refused = await from('192.0.2.1');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^\d+$/)]);
    expect(errorOf(refused).extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) });
    expect((await from('192.0.2.2')).status).toBe(200);
  });
});

describe('the limit of a caller', () => {
  const gateway = useShop({ limits: { perCaller: '2/1m' } });

  test('counts all tokens of one user together', async () => {
    for (const sessionId of ['one', 'two', 'three']) {
      const token = await gateway.postern.token({ sessionId });
      expect((await gateway.ask('{ version }', { token })).status).toBe(sessionId === 'three' ? 429 : 200);
    }
    const token = await gateway.postern.token({ userId: 'other' });
    expect((await gateway.ask('{ version }', { token })).status).toBe(200);
  });
});

describe('documents', () => {
  const gateway = useShop({ maxCost: 50, maxDepth: 4 });

  test.each([
    ['too costly', '{ products { reviews { text } } }'],
    ['too deep', '{ products { reviews { product { reviews { text } } } } }'],
    ['repeating a field', `{ ${'version '.repeat(31)} }`],
  ])('A document %s is refused before any subgraph request', async (_name, query) => {
    gateway.received();
    const answer = await gateway.ask(query);
    expect([answer.status, answer.errors[0]?.extensions.code]).toEqual([400, 'BAD_REQUEST']);
    expect(gateway.received()).toBe('');
  });

  test('No other value can stand in place of the name of a type', async () => {
    gateway.received();
    const answer = await gateway.ask('{ nodes { __typename: id note } }');
    expect([answer.errors[0]?.extensions.code, gateway.received()]).toEqual(['BAD_REQUEST', '']);
  });

  test('Several operations in one request are refused', async () => {
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ query: '{ version }' }, { query: '{ version }' }]),
    });
    expect(response.status).toBe(400);
  });

  test('A page of another origin cannot send a mutation as a simple request', async () => {
    const body = JSON.stringify({ query: 'mutation { addProduct(name: "x") { log } }' });
    gateway.received();
    const response = await fetch(gateway.url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(gateway.received()).toBe('');
  });
});

describe('trusted documents', async () => {
  const trustedDocuments = join(folder, 'documents.json');
  await writeFile(trustedDocuments, JSON.stringify({ 'sha256:known': 'query V { version vault { content } }' }));
  const gateway = useShop({ trustedDocuments });

  test('A known text and a known id are executed, with the directives; others are refused', async () => {
    const known = await gateway.ask('query V { vault { content } version }');
    expect(known.data).toEqual({ version: '1', vault: null });
    const byId = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ documentId: 'sha256:known' }),
    });
    expect(await byId.json()).toMatchObject({ data: { version: '1', vault: null } });
    const unknown = await gateway.ask('{ version }');
    expect([unknown.status, errorOf(unknown).extensions.code]).toEqual([400, 'BAD_REQUEST']);
  });
});

describe('policies', () => {
  const seen: PolicyContext[] = [];
  const gateway = useShop({
    policies: {
      owner: async (context) => {
        seen.push(context);
        const { year } = context.args;
        if (year === 1) throw new Error('secret-detail');
        if (year === 2) await new Promise(() => undefined);
        return year !== 3;
      },
      weekday: () => true,
      never: () => false,
    },
  });

  test('A policy refuses by false, by throwing and by taking too long', async () => {
    for (const year of [1, 2, 3]) {
      const answer = await gateway.ask(`{ report(year: ${year}) version }`);
      expect(answer.data).toEqual({ report: null, version: '1' });
      expect(answer.text).not.toContain('secret-detail');
    }
    const token = await gateway.postern.token();
    expect(errorOf(await gateway.ask('{ report(year: 3) }', { token })).extensions.code).toBe('FORBIDDEN');
  });

  test('A policy sees the arguments of its own request only', async () => {
    seen.splice(0);
    const years = Array.from({ length: 20 }, (_, index) => 2000 + index);
    const answers = await Promise.all(
      years.map((year) => gateway.ask('query Of($year: Int!) { report(year: $year) }', { variables: { year } })),
    );
    expect(answers.map(({ data }) => data)).toEqual(years.map((year) => ({ report: `report-${year}` })));
    expect(seen.map(({ args }) => args.year).sort()).toEqual(years);
    expect(seen.every((context) => Object.isFrozen(context.args) && context.operationName === 'Of')).toBe(true);
  });
});

describe('GraphQL over HTTP', () => {
  const gateway = useShop();
  const audits = serverAudits({ url: () => gateway.url });

  test.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_name, audit) => {
    const result = await audit.fn();
    if (result.status === 'error') throw new Error(result.reason);
    if (audit.name.startsWith('MUST')) expect(result.status).toBe('ok');
  });
});
