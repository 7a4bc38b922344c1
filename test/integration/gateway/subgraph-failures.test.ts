/** A subgraph that fails makes its fields null; the other fields are answered. */
import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { planners, useShop } from '../../support/federation/use-shop.ts';
import { startAnsweringServer } from '../../support/servers/answering-server.ts';

const query = '{ product(id: "1") { name secretReviews { text } } }';

const failures: [string, (response: ServerResponse) => void][] = [
  ['closes the connection', (response) => void response.socket?.destroy()],
  [
    'answers with HTML',
    (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>secret-page</p>'),
  ],
  [
    'answers with HTML as JSON',
    (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('<p>'),
  ],
  ['answers with 500', (response) => void response.writeHead(500).end('secret-page')],
  ['answers with too much', (response) => pour(response)],
];

describe.each(planners)('with the %s planner', (planner) => {
  const gateway = useShop({ planner });

  test.each(failures)('A subgraph that %s is unavailable', async (_name, fail) => {
    const token = await gateway.postern.token();
    gateway.shop.reviews.answerWith((_request, response) => fail(response));
    const { data, errors, text, status } = await gateway.ask(query, { token });
    gateway.shop.reviews.answerWith(null);
    expect([status, data]).toEqual([200, { product: { name: 'Lamp', secretReviews: null } }]);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['SERVICE_UNAVAILABLE']);
    expect(text).not.toMatch(/secret-page|127\.0\.0\.1|secretReviews \{|representations/);
  });

  test('A redirect is not followed: the identity stays with the subgraph', async () => {
    const thief = await startAnsweringServer((_request, response) => void response.end('{}'));
    const token = await gateway.postern.token();
    gateway.shop.reviews.answerWith(
      (_request, response) => void response.writeHead(307, { location: thief.url }).end(),
    );
    const { errors } = await gateway.ask(query, { token });
    gateway.shop.reviews.answerWith(null);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['SERVICE_UNAVAILABLE']);
    expect(thief.requests).toEqual([]);
    await thief.stop();
  });

  test('The errors of a subgraph pass', async () => {
    const answer = {
      data: { _entities: [null] },
      errors: [{ message: 'No such review.', extensions: { code: 'NOT_FOUND' } }],
    };
    gateway.shop.reviews.answerWith(
      (_request, response) =>
        void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer)),
    );
    const { errors } = await gateway.ask(query, { token: await gateway.postern.token() });
    gateway.shop.reviews.answerWith(null);
    expect(errors).toMatchObject([{ message: 'No such review.', extensions: { code: 'NOT_FOUND' } }]);
  });

  test('A subgraph that never answers is unavailable after ten seconds', { timeout: 20_000 }, async () => {
    const started = performance.now();
    gateway.shop.reviews.answerWith((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"data":');
    });
    const { data, errors } = await gateway.ask(query, { token: await gateway.postern.token() });
    gateway.shop.reviews.answerWith(null);
    expect(data).toEqual({ product: { name: 'Lamp', secretReviews: null } });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['SERVICE_UNAVAILABLE']);
    expect(performance.now() - started).toBeLessThan(12_000);
  });
});

/** 100 MB of valid JSON, while it is read: only its size is wrong. */
function pour(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"data":{"_entities":[{"__typename":"Product","secretReviews":[{"text":"');
  const chunk = 'x'.repeat(1_000_000);
  let left = 100;
  const more = () => {
    while (left > 0) {
      left -= 1;
      if (!response.write(chunk)) return void response.once('drain', more);
    }
    response.end('"}]}]}}');
  };
  more();
}
