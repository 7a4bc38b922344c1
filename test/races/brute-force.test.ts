/** Password guesses in every form, with the default limits: how many are compared with the hash. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { type GuessRequest, passwordChecks, shapes } from '../support/people/guess-shapes.ts';
import { createUser } from '../support/people/password-attempts.ts';

/** bench/brute-force.ts sends 10,000 of each. */
const guesses = 200;
const atOnce = 40;

let limited: TestGateway;
const gateway = useGateway();
beforeAll(async () => {
  await createUser(gateway);
  // An empty value means the default.
  limited = await startTestGateway({ RATE_LIMITS: '', TRUSTED_PROXIES: '127.0.0.0/8' }, gateway);
});
afterAll(() => limited?.stop());

async function checks(): Promise<number> {
  const [row] = await gateway.database.query<{ count: number }>(passwordChecks);
  return row?.count ?? 0;
}

async function send({ headers, body, search = '' }: GuessRequest): Promise<number> {
  const init = body === undefined ? { headers } : { method: 'POST', headers, body };
  const response = await fetch(`${limited.url}/graphql${search}`, init);
  expect(await response.text()).not.toContain('accessToken');
  return response.status;
}

test.each(shapes.map((shape, index) => [shape.name, shape, index + 1] as const))(
  `${guesses} guesses, %s`,
  async (_name, shape, from) => {
    const victim = await createUser(gateway);
    const before = await checks();
    const requests = shape.requests(victim, guesses, from);
    const statuses: number[] = [];
    for (let sent = 0; sent < requests.length; sent += atOnce) {
      statuses.push(...(await Promise.all(requests.slice(sent, sent + atOnce).map(send))));
    }
    const compared = (await checks()) - before;
    expect(compared).toBeLessThanOrEqual(shape.atMost);
    if (shape.atMost > 0) expect(compared).toBeGreaterThan(0);
    expect(statuses.filter((status) => status >= 500 && status !== 503)).toEqual([]);
  },
);
