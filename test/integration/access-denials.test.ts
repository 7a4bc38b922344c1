/** Calls that the permission map denies: which audit entries they write, and how many. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../../src/app/app.ts';
import { readConfig } from '../../src/config/config.ts';
import { recordPendingDenials } from '../../src/domain/access/denials.ts';
import { answerOf } from '../support/gateway/answer.ts';
import { bearer, testSecret } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { auditTrail } from '../support/people/audit.ts';
import {
  createUserWithRole,
  lockoutAndVerificationOff,
  type UserWithRole,
} from '../support/people/users-with-roles.ts';
import { atOnce, valuesOf } from '../support/races/at-once.ts';

let ada: UserWithRole;
const gateway = useGateway({
  ...lockoutAndVerificationOff,
  ROUTER_SECRET: 'nC1k0yYkTn2CVdTqDqX3m3r7ZC1r8VnLZbGmXy0cQ2E=',
});
beforeEach(async () => {
  ada = await createUserWithRole(gateway, 'USER');
  gateway.clock.travel(120);
  await forget();
});

const forget = () => gateway.database.query('truncate access_denials');
const post = (query: string, headers: Record<string, string> = {}) => answerOf(gateway.post({ query }, headers));
const ask = (query: string) => post(query, bearer(ada.accessToken));
const codeOf = async (answer: ReturnType<typeof post>) => (await answer).errors[0]?.extensions.code;
const denialsOf = async (actorId: string | null) =>
  (await auditTrail(gateway.database, 'access.denied')).filter((entry) => entry.actorId === actorId);

describe('a denied call', () => {
  test('is recorded with operation, permission, caller, session and request', async () => {
    const answer = await ask('{ users { totalCount } }');
    expect(answer.errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', requiredPermission: 'users:read' });
    const details = {
      operation: 'Query.users',
      missing: 'permission',
      permission: 'users:read',
      caller: 'user',
      count: 1,
    };
    expect(await denialsOf(ada.id)).toMatchObject([
      {
        outcome: 'DENIED',
        details,
        sessionId: ada.session.session.id,
        requestId: answer.errors[0]?.extensions.requestId,
      },
    ]);
  });

  test.each([
    ['{ _service { sdl } }', 'Query._service', 'router'],
    ['mutation { deleteAccount(input: { password: "x" }) { purgeAt } }', 'Mutation.deleteAccount', 'recent_proof'],
  ])('%s is recorded with the missing requirement', async (query, operation, missing) => {
    gateway.clock.travel(11 * 60);
    await ask(query);
    expect(await denialsOf(ada.id)).toMatchObject([{ details: { operation, missing, permission: null, count: 1 } }]);
  });

  test('of an anonymous caller is counted by source', async () => {
    const before = (await denialsOf(null)).length;
    expect(await codeOf(post('{ roles { name } }'))).toBe('UNAUTHENTICATED');
    expect(await codeOf(post('{ roles { name } }', bearer('x.y.z')))).toBe('UNAUTHENTICATED');
    const entries = (await denialsOf(null)).slice(before);
    const details = { operation: 'Query.roles', missing: 'authentication', caller: 'anonymous', count: 1 };
    expect(entries).toMatchObject([{ details, ipAddress: '127.0.0.1' }]);
  });

  test('under many aliases of one document is recorded once', async () => {
    await ask(`{ ${Array.from({ length: 9 }, (_, i) => `a${i}: roles { name }`).join(' ')} }`);
    gateway.clock.travel(60);
    await ask('{ roles { name } }');
    expect((await denialsOf(ada.id)).map(({ details }) => details.count)).toEqual([1, 1]);
  });

  test('is not recorded for a permitted call, nor for a permitted anonymous call', async () => {
    const before = (await auditTrail(gateway.database, 'access.denied')).length;
    await ask('{ viewer { id sessions { totalCount } } passwordPolicy { preset } }');
    await post('{ viewer { id } }');
    expect((await auditTrail(gateway.database, 'access.denied')).length).toBe(before);
  });
});

describe('many denied calls', () => {
  test('in parallel write one entry a minute, and the next entry has their count', async () => {
    const codes = valuesOf(await atOnce(30, () => codeOf(ask('{ users { totalCount } }'))));
    expect(codes).toEqual(Array(30).fill('FORBIDDEN'));
    expect((await denialsOf(ada.id)).map(({ details }) => details.count)).toEqual([1]);
    gateway.clock.travel(60);
    await ask('{ users { totalCount } }');
    expect((await denialsOf(ada.id)).map(({ details }) => details.count)).toEqual([1, 30]);
  });

  test('of different operations have separate entries', async () => {
    await atOnce(6, () => ask('{ users { totalCount } roles { name } auditIntegrity { whole } }'));
    const operations = (await denialsOf(ada.id)).map(({ details }) => details.operation);
    expect(operations.toSorted()).toEqual(['Query.auditIntegrity', 'Query.roles', 'Query.users']);
  });

  test('that no later call counts are recorded by maintenance, once', async () => {
    const config = readConfig({ NODE_ENV: 'test', DATABASE_URL: gateway.database.url, SECRET: testSecret });
    const app = await createApp(config, { clock: gateway.clock });
    const settle = () => recordPendingDenials(app.dependencies());
    try {
      await atOnce(5, () => ask('{ roles { name } }'));
      expect(await settle()).toBe(0);
      gateway.clock.travel(60);
      const written = await Promise.all([settle(), settle(), settle()]);
      expect(written.reduce((sum, count) => sum + count)).toBe(1);
      expect((await denialsOf(ada.id)).map(({ details }) => details.count)).toEqual([1, 4]);
      // The minute already has its closing entry.
      await ask('{ roles { name } }');
      expect(await denialsOf(ada.id)).toHaveLength(2);
    } finally {
      await app.close();
    }
  });
});

test('a call is denied even when its audit entry cannot be written', async () => {
  await gateway.database.query('alter table access_denials rename to access_denials_away');
  try {
    expect(await codeOf(ask('{ users { totalCount } }'))).toBe('FORBIDDEN');
    expect(await codeOf(post('{ roles { name } }'))).toBe('UNAUTHENTICATED');
  } finally {
    await gateway.database.query('alter table access_denials_away rename to access_denials');
  }
  expect(gateway.logs.join('')).toContain('a denied call could not be put on the audit trail');
});
