/** A request has one unit of work, and shares it with no other request (app/app.ts). */
import { afterAll, expect, test } from 'vitest';
import { createApp } from '../../src/app/app.ts';
import { readConfig } from '../../src/config/config.ts';
import { testSecret } from '../support/gateway/gateway.ts';

// Nothing here asks the database: no connection is made.
const app = await createApp(
  readConfig({ NODE_ENV: 'test', SECRET: testSecret, DATABASE_URL: 'postgres://127.0.0.1:1/none' }),
);
afterAll(() => app.close());

test('the entity manager is the same throughout a request, and another one for each request', () => {
  const [one, other] = [app.dependencies(), app.dependencies()];
  const first = one.em;
  expect(one.em).toBe(first);
  expect({ ...one }.em).toBe(first);
  expect(other.em).not.toBe(first);
});
