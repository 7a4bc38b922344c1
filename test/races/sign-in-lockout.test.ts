/**
 * Parallel password guesses at one and at two gateways, and refreshes in parallel with revocations of their session.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mintMailToken } from '../../src/security/tokens/mail-tokens.ts';
import {
  goodPassword,
  newAddress,
  refusal,
  type SignedIn,
  signIn,
  startTestGateway,
  type TestGateway,
  withRefreshToken,
} from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  FullRefreshDocument,
  FullViewerDocument,
  ResetPasswordDocument,
  RevokeOtherSessionsDocument,
  RevokeSessionDocument,
} from '../support/generated/graphql.ts';
import {
  accountCounter,
  auditedFor,
  auditedLocks,
  codesOfTries,
  createUser,
  mailsDecided,
  times,
  tryPassword,
  tryRight,
  type Verdict,
  wrongPassword,
} from '../support/people/password-attempts.ts';
import { type SecondInstance, startSecondInstance } from '../support/servers/second-instance.ts';

/** These races are about the counter of the account; the counter of the source would refuse most callers earlier. */
const environment = { RATE_LIMIT_ALLOWLIST: '127.0.0.0/8' };

let secondInstance: SecondInstance;
const gateway = useGateway(environment);
beforeAll(async () => {
  secondInstance = await startSecondInstance(gateway, environment);
});
afterAll(() => secondInstance.stop());

function manyAtOnce<T>(count: number, call: (caller: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, caller) => call(caller)));
}

function countCodes(verdicts: readonly Verdict[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of verdicts) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

/** The refusals that tell a client when to try again. */
function expectRetryable(verdicts: readonly Verdict[], lockSeconds: number): void {
  for (const { code, status, retryAfter, headers } of verdicts) {
    expect(headers.get('retry-after')).toBe(String(retryAfter));
    if (code === 'SERVICE_BUSY') {
      expect(status).toBe(503);
      expect([1, 2, 3]).toContain(retryAfter);
    } else {
      expect({ code, status, retryAfter }).toEqual({ code: 'TOO_MANY_ATTEMPTS', status: 429, retryAfter: lockSeconds });
    }
  }
}

async function checkedReasons(email: string): Promise<string[]> {
  const entries = await auditedFor<{ details: { reason: string } }>(gateway.database, 'login.refused', email);
  return entries.map(({ details }) => details.reason).filter((reason) => reason !== 'locked');
}

describe('wrong passwords', () => {
  test.each([
    ['a known address', 'wrong_password', () => createUser(gateway), 1],
    ['an unknown address', 'unknown_address', async () => newAddress(), 0],
  ])(
    'of a hundred at once for %s exactly five are checked, and there is one lock',
    async (_kind, reason, make, mails) => {
      for (let round = 0; round < 3; round += 1) {
        const email = await make();
        const verdicts = await manyAtOnce(100, () => tryPassword(gateway, email));
        const checked = verdicts.filter(({ code }) => code === 'INVALID_CREDENTIALS');
        expect(checked).toHaveLength(5);
        expect(await checkedReasons(email)).toEqual(times(5, reason));
        const others = verdicts.filter((verdict) => !checked.includes(verdict));
        expect(others).toHaveLength(95);
        expectRetryable(others, 900);
        expect(await auditedLocks(gateway.database, email)).toHaveLength(1);
        expect(await mailsDecided(gateway.database, 'account_locked', email)).toBe(mails);
        expect(await accountCounter(gateway.database, email)).toMatchObject({ total: 5, locks: 1 });
        expect(await tryRight(gateway, email)).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', retryAfter: 900 });
      }
    },
  );

  test('at the end of a lock a hundred at once get five more attempts, and one longer lock', async () => {
    const email = await createUser(gateway);
    expect(await codesOfTries(gateway, email, 5)).toEqual(times(5, 'INVALID_CREDENTIALS'));
    gateway.clock.travel(900);
    const verdicts = await manyAtOnce(100, () => tryPassword(gateway, email));
    expect(countCodes(verdicts).INVALID_CREDENTIALS).toBe(5);
    expectRetryable(
      verdicts.filter(({ code }) => code !== 'INVALID_CREDENTIALS'),
      1800,
    );
    expect(await auditedLocks(gateway.database, email)).toHaveLength(2);
    expect(await accountCounter(gateway.database, email)).toMatchObject({ total: 10, locks: 2 });
  });

  test('at two gateways share one counter, one lock and one mail', async () => {
    for (let round = 0; round < 3; round += 1) {
      const email = await createUser(gateway);
      const verdicts = await manyAtOnce(100, (caller) => tryPassword(caller % 2 ? secondInstance : gateway, email));
      expect(countCodes(verdicts).INVALID_CREDENTIALS).toBe(5);
      expect(await auditedLocks(gateway.database, email)).toHaveLength(1);
      expect(await mailsDecided(gateway.database, 'account_locked', email)).toBe(1);
      for (const { url } of [gateway, secondInstance]) {
        expect(await tryRight({ url }, email)).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', retryAfter: 900 });
      }
    }
  });

  test('in turns at two gateways lock both at the fifth', async () => {
    const email = await createUser(gateway);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect((await tryPassword(attempt % 2 ? secondInstance : gateway, email)).code).toBe('INVALID_CREDENTIALS');
    }
    expect((await tryRight(secondInstance, email)).code).toBe('TOO_MANY_ATTEMPTS');
    expect((await tryRight(gateway, email)).code).toBe('TOO_MANY_ATTEMPTS');
  });

  test('from a known device in parallel remove its trust once, and lock no other device', async () => {
    const email = await createUser(gateway);
    const { deviceToken } = await tryRight(gateway, email);
    const device = { 'x-device-token': deviceToken ?? '' };
    const lost = () => gateway.database.query(`select id from audit_entries where action = 'device.trust_lost'`);
    const before = (await lost()).length;
    const verdicts = await manyAtOnce(100, () => tryPassword(gateway, email, { headers: device }));
    // Ten on the counter of the device; the remaining ones count like those of any other device.
    expect(countCodes(verdicts).INVALID_CREDENTIALS).toBe(15);
    expect(await lost()).toHaveLength(before + 1);
    expect(await auditedLocks(gateway.database, email)).toHaveLength(1);
  });

  test('for many accounts at once from one source are checked twenty times at most', async () => {
    const strict = await startTestGateway();
    try {
      const verdicts = await manyAtOnce(100, () => tryPassword(strict, newAddress()));
      const { INVALID_CREDENTIALS, SERVICE_BUSY = 0, RATE_LIMITED = 0, ...others } = countCodes(verdicts);
      expect({ INVALID_CREDENTIALS, turnedAway: SERVICE_BUSY + RATE_LIMITED, others }).toEqual({
        INVALID_CREDENTIALS: 20,
        turnedAway: 80,
        others: {},
      });
      expect(countCodes([await tryPassword(strict, newAddress())])).toEqual({ RATE_LIMITED: 1 });
    } finally {
      await strict.stop();
    }
  });
});

describe('right passwords', () => {
  test('of a hundred at once are each answered, none locks, and retries succeed for all', {
    timeout: 90_000,
  }, async () => {
    const email = await createUser(gateway);
    await expectAllSignIn(gateway, email);
    expect(await auditedLocks(gateway.database, email)).toEqual([]);
    expect(await accountCounter(gateway.database, email)).toMatchObject({ total: 0, lockedUntil: null });
    expect(await codesOfTries(gateway, email, 5)).toEqual(times(5, 'INVALID_CREDENTIALS'));
  });

  test('of thirty users of one office at once are at worst retried, because none failed', async () => {
    const office = await startTestGateway();
    try {
      const people: string[] = [];
      while (people.length < 30) people.push(await createUser(office));
      const verdicts = await manyAtOnce(30, (person) => tryRight(office, people[person] ?? ''));
      const { 'signed in': signedIn = 0, SERVICE_BUSY = 0, ...others } = countCodes(verdicts);
      expect(others).toEqual({});
      expect(signedIn).toBeGreaterThanOrEqual(20);
      const again = await manyAtOnce(SERVICE_BUSY, (person) => tryRight(office, people[person] ?? ''));
      expect(countCodes(again)).toEqual(SERVICE_BUSY > 0 ? { 'signed in': SERVICE_BUSY } : {});
    } finally {
      await office.stop();
    }
  });

  test('of a known device, in parallel and during an attack, are never locked out', { timeout: 60_000 }, async () => {
    const email = await createUser(gateway);
    const { deviceToken } = await tryRight(gateway, email);
    const headers = { 'x-device-token': deviceToken ?? '' };
    const attack = manyAtOnce(60, () => tryPassword(gateway, email));
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const verdicts = await manyAtOnce(5, () => tryRight(gateway, email, headers));
      expect(countCodes(verdicts)).toEqual({ 'signed in': 5 });
    }
    expect(countCodes(await attack).INVALID_CREDENTIALS).toBe(5);
  });
});

/** Callers follow the response: after SERVICE_BUSY they retry, and any other refusal is a failure. */
async function expectAllSignIn(at: TestGateway, email: string): Promise<void> {
  let waiting = 100;
  for (let round = 0; waiting > 0; round += 1) {
    expect(round, `${waiting} are still outside`).toBeLessThan(100);
    const counts = countCodes(await manyAtOnce(waiting, () => tryRight(at, email)));
    const { 'signed in': served = 0, SERVICE_BUSY: busy = 0, ...others } = counts;
    expect(others).toEqual({});
    expect(served + busy).toBe(waiting);
    expect(served).toBeGreaterThan(0);
    waiting = busy;
  }
}

type Pair = Pick<SignedIn, 'accessToken' | 'refreshToken'>;

describe('refreshes', { timeout: 240_000 }, () => {
  const rounds = 60;

  test(`that race revokeSession leave no living token, in ${rounds} rounds`, async () => {
    await race(async (owner, victim) => {
      const { revokeSession } = await gateway.send(
        RevokeSessionDocument,
        { input: { id: victim.session.id } },
        owner.accessToken,
      );
      expect(revokeSession.revokedCount).toBe(1);
    });
  });

  test(`that race revokeOtherSessions leave no living token, in ${rounds} rounds`, async () => {
    await race(async (owner) => {
      const { revokeOtherSessions } = await gateway.send(RevokeOtherSessionsDocument, { input: {} }, owner.accessToken);
      expect(revokeOtherSessions.revokedCount).toBeGreaterThan(0);
    });
  });

  test(`that race resetPassword leave no living token, in ${rounds} rounds`, async () => {
    await race(async (owner) => {
      const token = await mintResetToken(owner.viewer.id);
      const { resetPassword } = await gateway.send(ResetPasswordDocument, {
        input: { token, newPassword: 'Marble 8 galaxies' },
      });
      expect(resetPassword.reset).toBe(true);
    }, takePasswordBack);
  });

  test(`that race a suspension leave no living token, in ${rounds} rounds`, async () => {
    const setStatus = (owner: SignedIn, status: string) =>
      gateway.database.query('update users set status = $2 where id = $1', [owner.viewer.id, status]);
    await race(
      (owner) => setStatus(owner, 'SUSPENDED'),
      (owner) => setStatus(owner, 'ACTIVE'),
    );
  });

  test('and revocations, fifty at once, end the session once', async () => {
    const email = await createUser(gateway);
    const owner = await signIn(gateway, email);
    for (let round = 0; round < 10; round += 1) {
      const victim = await signIn(gateway, email);
      const [refreshed, revoked] = [[] as Pair[], [] as number[]];
      await manyAtOnce(50, async (caller) => {
        if (caller % 2) refreshed.push(...(await pairsOf(retried(() => refresh(victim.refreshToken, caller)))));
        else revoked.push(await retried(() => revokeOthers(owner)));
      });
      expect(revoked.reduce((sum, count) => sum + count, 0)).toBe(1);
      for (const pair of [victim, ...refreshed]) await expectRevoked(pair);
      const ended = await gateway.database.query(
        `select id from audit_entries where action = 'session.ended' and session_id = $1`,
        [victim.session.id],
      );
      expect(ended).toHaveLength(1);
    }
    await refresh(owner.refreshToken, 0);
  });

  /**
   * A client refreshes repeatedly at either gateway while its session ends: its last tokens must be revoked as well.
   */
  async function race(
    end: (owner: SignedIn, victim: SignedIn) => Promise<unknown>,
    restore: (owner: SignedIn) => Promise<unknown> = async () => undefined,
  ): Promise<void> {
    const email = await createUser(gateway);
    let won = 0;
    for (let round = 0; round < rounds; round += 1) {
      // The oldest of more than twenty sessions is revoked, so they need different times.
      gateway.clock.travel(1);
      const victim = await signIn(gateway, email);
      gateway.clock.travel(1);
      const owner = await signIn(gateway, email);
      const [pairs] = await Promise.all([refreshDuring(victim), end(owner, victim)]);
      won += pairs.length;
      for (const pair of [victim, ...pairs.slice(-2)]) await expectRevoked(pair);
      await restore(owner);
    }
    // If one side had won every round, the test would have shown nothing.
    expect(won).toBeGreaterThan(0);
  }

  /** @returns the tokens that it got before the refusal */
  async function refreshDuring(victim: Pair): Promise<Pair[]> {
    const chain = [victim];
    for (let link = 0; link < 500; link += 1) {
      const [pair] = await pairsOf(refresh(chain.at(-1)?.refreshToken ?? '', link));
      if (!pair) return chain.slice(1);
      chain.push(pair);
    }
    throw new Error('the session does not end');
  }

  async function refresh(refreshToken: string, caller: number): Promise<Pair> {
    if (caller % 2 === 0) {
      const answer = await gateway.send(FullRefreshDocument, { input: { refreshToken } });
      return withRefreshToken(answer.refresh);
    }
    const response = await fetch(`${secondInstance.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: 'mutation R($t: String!) { refresh(input: { refreshToken: $t }) { accessToken refreshToken } }',
        variables: { t: refreshToken },
      }),
    });
    const body: { data?: { refresh: Pair } | null; errors?: { extensions: { code: string } }[] } =
      await response.json();
    if (body.data?.refresh) return body.data.refresh;
    throw new Rejected(body.errors?.[0]?.extensions.code ?? 'nothing');
  }

  /** The tokens of a successful refresh, or none when the session was already revoked. */
  async function pairsOf(call: Promise<Pair>): Promise<Pair[]> {
    try {
      return [await call];
    } catch (error) {
      expect(await codeOf(error)).toBe('INVALID_REFRESH_TOKEN');
      return [];
    }
  }

  /** Fifty callers share ten connections: on a slow machine some of them get SERVICE_BUSY. */
  async function retried<T>(call: () => Promise<T>): Promise<T> {
    for (let attempt = 1; attempt < 20; attempt += 1) {
      try {
        return await call();
      } catch (error) {
        if (!['SERVICE_UNAVAILABLE', 'SERVICE_BUSY'].includes(await codeOf(error))) throw error;
      }
    }
    return call();
  }

  async function codeOf(error: unknown): Promise<string> {
    return error instanceof Rejected ? error.message : (await refusal(Promise.reject(error))).code;
  }

  async function revokeOthers(owner: SignedIn): Promise<number> {
    const { revokeOtherSessions } = await gateway.send(RevokeOtherSessionsDocument, { input: {} }, owner.accessToken);
    return revokeOtherSessions.revokedCount;
  }

  async function expectRevoked({ accessToken, refreshToken }: Pair): Promise<void> {
    const asked = await refusal(gateway.send(FullViewerDocument, {}, accessToken));
    expect(asked).toMatchObject({ code: 'UNAUTHENTICATED', extensions: { reason: 'SESSION_REVOKED' } });
    for (const caller of [0, 1]) expect(await pairsOf(refresh(refreshToken, caller))).toEqual([]);
  }

  /** Resets the password to the one that every round signs in with. */
  async function takePasswordBack({ viewer }: SignedIn): Promise<void> {
    await gateway.database.query(
      `with first as (delete from former_passwords where user_id = $1 returning password_hash)
       update users set password_hash = first.password_hash from first where id = $1`,
      [viewer.id],
    );
  }

  async function mintResetToken(userId: string): Promise<string> {
    const { token, tokenHash } = mintMailToken();
    const now = gateway.clock.now();
    await gateway.database.query(
      `insert into mail_tokens (id, user_id, purpose, token_hash, created_at, expires_at)
       values (gen_random_uuid(), $1, 'PASSWORD_RESET', $2, $3, $4)`,
      [userId, tokenHash, now, new Date(now.getTime() + 3_600_000)],
    );
    return token;
  }
});

class Rejected extends Error {}

test('a wrong password never signs in, in any number beside the right one', async () => {
  for (let round = 0; round < 5; round += 1) {
    const email = await createUser(gateway);
    const verdicts = await manyAtOnce(40, async (caller) => ({
      password: caller % 2 ? wrongPassword : goodPassword,
      verdict: await tryPassword(gateway, email, { password: caller % 2 ? wrongPassword : goodPassword }),
    }));
    const allowed = ['signed in', 'SERVICE_BUSY', 'TOO_MANY_ATTEMPTS'];
    for (const { password, verdict } of verdicts) {
      if (password === goodPassword) expect(allowed).toContain(verdict.code);
      else expect(verdict.code).not.toBe('signed in');
    }
  }
});
