/** Hooks that are modules: their errors and their slowness are failures, and they hold no place for password hashes. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitingPerSlot } from '../../src/security/passwords/password-hash.ts';
import {
  goodPassword,
  lockoutOff,
  newAddress,
  refusal,
  registerUser,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { FullLoginDocument } from '../support/generated/graphql.ts';
import { until } from '../support/races/until.ts';

type Decide = (call: { point: string; data: { user: { email: string } } }, options: { signal: AbortSignal }) => unknown;

/** The module of the test calls it: both are in one process. */
const decisions: { decide: Decide } = Object.assign(globalThis, { hookOfTest: { decide: () => null } }).hookOfTest;
const allow = { decision: 'allow' };

let folder: string;
let gateway: TestGateway;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-hooks-'));
  await writeFile(
    join(folder, 'policy.mjs'),
    'export default (call, options) => globalThis.hookOfTest.decide(call, options);',
  );
  const hooks = ['beforeSignIn', 'importUser'].map((point) => {
    return { point, module: './policy.mjs', timeout: '2s', onFailure: 'refuse' };
  });
  await writeFile(join(folder, 'hooks.json'), JSON.stringify(hooks));
  gateway = await startTestGateway({ HOOKS: join(folder, 'hooks.json'), ...lockoutOff });
});
afterAll(async () => {
  await gateway.stop();
  await rm(folder, { recursive: true, force: true });
});

const login = (email: string) => gateway.send(FullLoginDocument, { input: { email, password: goodPassword } });

describe('a module', () => {
  test('allows, refuses, and gets a signal that ends with the call', async () => {
    const email = await registerUser(gateway);
    let signal: AbortSignal | null = null;
    decisions.decide = (_call, options) => {
      signal = options.signal;
      return Promise.resolve(allow);
    };
    await signIn(gateway, email);
    expect(signal).toMatchObject({ aborted: true });
    decisions.decide = () => ({ decision: 'refuse', reason: 'CLOSED' });
    expect(await refusal(login(email))).toMatchObject({ code: 'REFUSED_BY_POLICY', extensions: { reason: 'CLOSED' } });
  });

  const circular: Record<string, unknown> = { decision: 'allow' };
  circular.requireSecondStep = circular;
  test.each<[string, Decide]>([
    [
      'that throws',
      () => {
        throw new Error('secret of the module');
      },
    ],
    ['that rejects', () => Promise.reject(new Error('secret of the module'))],
    ['that returns nothing', () => undefined],
    ['that returns a circle', () => circular],
    ['that never answers', () => new Promise(() => undefined)],
  ])('%s refuses the sign-in for now, and its error is not logged', async (_, decide) => {
    const email = await registerUser(gateway);
    decisions.decide = decide;
    expect((await refusal(login(email))).code).toBe('SERVICE_UNAVAILABLE');
    expect(gateway.logs.join('')).not.toContain('secret of the module');
  });

  test('cannot change what the gateway continues with', async () => {
    const email = await registerUser(gateway);
    decisions.decide = ({ data }) => {
      data.user.email = 'eve@example.com';
      return allow;
    };
    expect((await signIn(gateway, email)).viewer.email).toBe(email);
  });
});

describe('sign-ins that wait for a hook hold no place for password hashes', () => {
  const places = availableParallelism() * (1 + waitingPerSlot);
  let waiting = 0;
  /** Lets all sign-ins but those of one account wait. */
  const hold = (point: string, other: string) => {
    const { promise, resolve } = Promise.withResolvers<object>();
    waiting = 0;
    decisions.decide = (call) => {
      if (call.point !== point || (point === 'beforeSignIn' && call.data.user.email === other)) return allow;
      waiting += 1;
      return promise;
    };
    return () => resolve(allow);
  };

  test.each<[string, () => Promise<string[]>]>([
    ['beforeSignIn', () => Promise.all(Array.from({ length: 3 }, () => registerUser(gateway)))],
    ['importUser', async () => Array.from({ length: places }, () => newAddress())],
  ])('%s', async (point, makeAddresses) => {
    const addresses = await makeAddresses();
    const other = await registerUser(gateway);
    const release = hold(point, other);
    const pending = Array.from({ length: places }, (_, index) =>
      login(addresses[index % addresses.length] ?? '').catch((error: unknown) => error),
    );
    await until('the calls of the hook', () => waiting === places);
    await signIn(gateway, other);
    release();
    await Promise.all(pending);
  });
});
