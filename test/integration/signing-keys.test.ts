/** The life of the signing keys as verifiers and other instances see it: published, active, retired, removed. */
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type App, createApp } from '../../src/app/app.ts';
import { type RunningGateway, startGateway } from '../../src/app/server.ts';
import { type Config, readConfig } from '../../src/config/config.ts';
import { createLogger } from '../../src/logger.ts';
import { createKeyRing } from '../../src/security/keys/key-ring.ts';
import { createSealer } from '../../src/security/keys/sealing.ts';
import { readPrivateKey } from '../../src/security/keys/signing-keys.ts';
import { createTestDatabase } from '../support/gateway/database.ts';
import {
  bearer,
  goodPassword,
  newAddress,
  type SignedIn,
  signIn,
  startTestGateway,
  type TestGateway,
  testSecret,
  withRefreshToken,
} from '../support/gateway/gateway.ts';
import { FullRefreshDocument, RegisterDocument } from '../support/generated/graphql.ts';
import { auditTrail } from '../support/people/audit.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const rotationSeconds = 30 * day;
const publishAheadSeconds = 10 * minute;
/** How long verifiers may cache the key set. */
const cacheSeconds = 5 * minute;
const publicUrl = 'https://auth.example.com';

/** What the tests opened, closed in reverse order. */
const opened: (() => Promise<void>)[] = [];
let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startTestGateway({ EMAIL_VERIFICATION: 'off' });
  opened.push(() => gateway.stop());
});
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

function configOf(databaseUrl = gateway.database.url): Config {
  return readConfig(environmentOf(databaseUrl));
}

function environmentOf(databaseUrl = gateway.database.url): Record<string, string> {
  return {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    PUBLIC_URL: publicUrl,
    DATABASE_URL: databaseUrl,
    SMTP_URL: gateway.mail.url,
    MAIL_FROM: 'no-reply@auth.example.com',
    SECRET: testSecret,
    EMAIL_VERIFICATION: 'off',
  };
}

/** The services of another instance, with the same database and clock. */
async function openBeside(databaseUrl?: string): Promise<App> {
  const app = await createApp(configOf(databaseUrl), { clock: gateway.clock });
  opened.push(() => app.close());
  return app;
}

/** Another instance with its HTTP server. */
async function startBeside(): Promise<RunningGateway> {
  const logger = createLogger('silent', { write: () => undefined });
  const other = await startGateway(configOf(), { clock: gateway.clock, logger });
  opened.push(() => other.stop());
  return other;
}

interface Rotated {
  from: string;
  to: string;
  by: string;
}

function rotations(): Promise<Rotated[]> {
  return gateway.database.query<Rotated>(
    `select details ->> 'from' as from, details ->> 'to' as to, request_id as by from audit_entries
     where action = 'signing_key.rotated' and target_type = 'signing_key' and target_id = details ->> 'to'
     order by occurred_at, id`,
  );
}

async function kidsOf(app: App) {
  const keys = await app.signingKeys.list();
  const inState = (state: string) => keys.filter((key) => key.state === state).map(({ kid }) => kid);
  const only = (state: string) => {
    const [kid, ...others] = inState(state);
    if (!kid || others.length > 0) throw new Error(`there is not one ${state} key`);
    return kid;
  };
  return { active: only('active'), next: only('next'), retired: inState('retired') };
}

async function fetchJwks(url = gateway.url, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/.well-known/jwks.json`, { headers });
  const text = await response.text();
  const jwks: JSONWebKeySet = text === '' ? { keys: [] } : JSON.parse(text);
  return { status: response.status, headers: response.headers, jwks, kids: jwks.keys.map(({ kid }) => kid) };
}

const kidOf = ({ accessToken }: SignedIn) => decodeProtectedHeader(accessToken).kid;

async function newSession(): Promise<SignedIn> {
  const email = newAddress();
  await gateway.send(RegisterDocument, { input: { email, password: goodPassword } });
  return signIn(gateway, email);
}

async function refresh({ refreshToken }: SignedIn): Promise<SignedIn> {
  return withRefreshToken((await gateway.send(FullRefreshDocument, { input: { refreshToken } })).refresh);
}

/** Why an instance refuses the token, or null when it accepts it. */
async function reasonAt(url: string, { accessToken }: SignedIn): Promise<string | null> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...bearer(accessToken) },
    body: JSON.stringify({ query: '{ viewer { id } }' }),
  });
  const body: { data?: { viewer?: unknown }; errors?: { extensions: { reason: string } }[] } = JSON.parse(
    await response.text(),
  );
  return body.data?.viewer ? null : (body.errors?.[0]?.extensions.reason ?? 'nobody');
}

/** Refreshes at the other instance. */
async function refreshAt(url: string, { refreshToken }: SignedIn): Promise<SignedIn> {
  const query = `mutation ($input: RefreshInput!) { refresh(input: $input) { accessToken refreshToken } }`;
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { input: { refreshToken } } }),
  });
  const body: { data: { refresh: SignedIn } } = JSON.parse(await response.text());
  return body.data.refresh;
}

describe('the schedule', () => {
  test('keeps a key as next, lets it sign for thirty days, and retires it for the next one', async () => {
    const app = await openBeside();
    const first = await kidsOf(app);
    expect(first.retired).toEqual([]);
    const session = await newSession();
    expect(kidOf(session)).toBe(first.active);

    gateway.clock.travel(rotationSeconds - 1);
    await app.signingKeys.rotateWhenDue();
    expect(await kidsOf(app)).toEqual(first);
    gateway.clock.travel(1);
    await app.signingKeys.rotateWhenDue();
    const second = await kidsOf(app);
    expect(second).toMatchObject({ active: first.next, retired: [first.active] });
    expect([first.active, first.next]).not.toContain(second.next);
    expect(kidOf(await newSession())).toBe(first.next);

    await app.signingKeys.rotateWhenDue();
    gateway.clock.travel(rotationSeconds - 1);
    await app.signingKeys.rotateWhenDue();
    expect(await kidsOf(app)).toEqual(second);
    gateway.clock.travel(1);
    await app.signingKeys.rotateWhenDue();
    expect(await kidsOf(app)).toMatchObject({ active: second.next, retired: [first.active, first.next] });
    expect(await rotations()).toEqual([
      { from: first.active, to: first.next, by: 'schedule' },
      { from: first.next, to: second.next, by: 'schedule' },
    ]);
  });

  test('has the length of KEY_ROTATION', async () => {
    const config = readConfig({ ...environmentOf(), KEY_ROTATION: '2d' });
    const app = await createApp(config, { clock: gateway.clock });
    opened.push(() => app.close());
    gateway.clock.travel(2 * day - 1);
    await app.signingKeys.rotateWhenDue();
    expect(await rotations()).toEqual([]);
    gateway.clock.travel(1);
    await app.signingKeys.rotateWhenDue();
    expect(await rotations()).toHaveLength(1);
  });

  test('starts a new database with one signing and one waiting key, for any number of starting instances', async () => {
    const database = await createTestDatabase();
    opened.push(() => database.drop());
    const apps = await Promise.all(Array.from({ length: 4 }, () => openBeside(database.url)));
    await Promise.all(apps.map((app) => app.signingKeys.ensure()));
    const [app] = apps;
    if (!app) throw new Error('there is no app');
    const keys = await app.signingKeys.list();
    expect(keys.map(({ state }) => state).sort()).toEqual(['active', 'next']);
    const jwks = await Promise.all(apps.map((one) => one.signingKeys.jwks()));
    for (const one of jwks) expect(one).toEqual(jwks[0]);
  });
});

describe('the command', () => {
  test('rotates once the next key was published for longer than any cache, and reports the time until then', async () => {
    const app = await openBeside();
    const first = await kidsOf(app);
    const possibleAt = new Date(gateway.clock.now().getTime() + publishAheadSeconds * 1000);
    expect(await app.signingKeys.rotate()).toEqual({ rotated: false, possibleAt });
    gateway.clock.travel(publishAheadSeconds - 1);
    expect(await app.signingKeys.rotate()).toEqual({ rotated: false, possibleAt });
    expect(await kidsOf(app)).toEqual(first);
    gateway.clock.travel(1);
    expect(await app.signingKeys.rotate()).toEqual({ rotated: true, from: first.active, to: first.next });
    expect(await app.signingKeys.rotate()).toMatchObject({ rotated: false });
    expect(await rotations()).toEqual([{ from: first.active, to: first.next, by: 'command-line' }]);
  });

  test('restarts the schedule', async () => {
    const app = await openBeside();
    gateway.clock.travel(rotationSeconds - hour);
    await app.signingKeys.rotate();
    gateway.clock.travel(hour);
    await app.signingKeys.rotateWhenDue();
    expect(await rotations()).toHaveLength(1);
  });
});

describe('two instances on one database', () => {
  test('rotate once when both are due', async () => {
    const [one, two] = [await openBeside(), await openBeside()];
    const first = await kidsOf(one);
    gateway.clock.travel(rotationSeconds);
    const calls = Array.from({ length: 10 }, (_, index) => (index % 2 ? one : two).signingKeys.rotateWhenDue());
    await Promise.all(calls);
    expect(await rotations()).toEqual([{ from: first.active, to: first.next, by: 'schedule' }]);
    expect(await kidsOf(two)).toMatchObject({ active: first.next, retired: [first.active] });
  });

  test('rotate once when both receive the command', async () => {
    const [one, two] = [await openBeside(), await openBeside()];
    gateway.clock.travel(publishAheadSeconds);
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, index) => (index % 2 ? one : two).signingKeys.rotate()),
    );
    expect(outcomes.filter(({ rotated }) => rotated)).toHaveLength(1);
    expect(await rotations()).toHaveLength(1);
  });

  test('publish the same keys', async () => {
    const other = await startBeside();
    const [here, there] = [await fetchJwks(), await fetchJwks(other.url)];
    expect(there.jwks).toEqual(here.jwks);
    expect(there.headers.get('etag')).toBe(here.headers.get('etag'));
  });

  test('accept each other’s tokens at once, before and after they learn of the rotation', async () => {
    const app = await openBeside();
    const other = await startBeside();
    const session = await newSession();
    gateway.clock.travel(rotationSeconds / 10);
    const before = await refresh(session);
    // The other instance has just read its keys, and reads them again only after a minute.
    expect(await reasonAt(other.url, before)).toBeNull();
    gateway.clock.travel(30);
    const rotation = await app.signingKeys.rotate();
    if (!rotation.rotated) throw new Error('it was not time to rotate');
    gateway.clock.travel(31);
    await fetchJwks(other.url);
    const late = await startBeside();
    const after = await refreshAt(late.url, before);
    expect(kidOf(after)).toBe(rotation.to);
    for (const { url } of [gateway, other, late]) {
      expect(await reasonAt(url, after)).toBeNull();
      expect(await reasonAt(url, before)).toBeNull();
    }
  });

  test('accept a token of the new key even when they read the keys just before the rotation', async () => {
    const [app, other] = [await openBeside(), await startBeside()];
    const session = await newSession();
    gateway.clock.travel(day);
    expect(kidOf(await refreshAt(other.url, session))).not.toBe((await kidsOf(app)).next);
    const rotation = await app.signingKeys.rotate();
    const fresh = await startBeside();
    const signed = await refreshAt(fresh.url, session);
    expect(rotation).toMatchObject({ rotated: true, to: kidOf(signed) });
    expect(await reasonAt(other.url, signed)).toBeNull();
  });
});

describe('a verifier that caches the JWKS for five minutes', () => {
  interface Verifier {
    fetchedAt: Date;
    keys: ReturnType<typeof createLocalJWKSet>;
  }

  const secondsSince = (since: Date) => (gateway.clock.now().getTime() - since.getTime()) / 1000;

  async function fetchVerifier(url: string): Promise<Verifier> {
    return { fetchedAt: gateway.clock.now(), keys: createLocalJWKSet((await fetchJwks(url)).jwks) };
  }

  const verify = ({ keys }: Verifier, { accessToken }: SignedIn) =>
    jwtVerify(accessToken, keys, {
      issuer: publicUrl,
      audience: publicUrl,
      algorithms: ['ES256'],
      typ: 'at+jwt',
      currentDate: gateway.clock.now(),
    });

  test('never meets an unknown key at any rate of rotation', { timeout: 60_000 }, async () => {
    const [app, other] = [await openBeside(), await startBeside()];
    const urls = [gateway.url, other.url];
    const phases = [0, 1, 2, 3, 4];
    const verifiers: (Verifier | undefined)[] = phases.map(() => undefined);
    const issued: { at: Date; session: SignedIn }[] = [];
    let session = await newSession();
    let meetings = 0;
    for (let elapsed = 0; elapsed <= 45 * minute; elapsed += minute) {
      for (const phase of phases) {
        const verifier = verifiers[phase];
        // Each starts at another time and caches the key set for the permitted time.
        const isDue = verifier ? secondsSince(verifier.fetchedAt) >= cacheSeconds : elapsed >= phase * minute;
        if (isDue) verifiers[phase] = await fetchVerifier(urls[phase % 2] ?? gateway.url);
      }
      gateway.clock.travel(minute);
      await app.signingKeys.rotate();
      session = { ...session, ...(await refreshAt(urls[(elapsed / minute) % 2] ?? gateway.url, session)) };
      issued.push({ at: gateway.clock.now(), session });
      const living = issued.filter(({ at }) => secondsSince(at) < 15 * minute);
      for (const one of [living.at(0), living.at(-1)]) {
        for (const verifier of verifiers) {
          if (!one || !verifier) continue;
          // jose throws JWKSNoMatchingKey for an unknown key.
          expect((await verify(verifier, one.session)).payload.sub).toBe(session.viewer.id);
          meetings += 1;
        }
        if (one) for (const url of urls) expect(await reasonAt(url, one.session)).toBeNull();
      }
    }
    expect(meetings).toBeGreaterThan(400);
    expect(new Set(issued.map((one) => kidOf(one.session))).size).toBeGreaterThanOrEqual(4);
    expect((await rotations()).length).toBeGreaterThanOrEqual(4);
  });
});

describe('a retired key', () => {
  test.each([
    ['15m', 15 * minute],
    ['1h', hour],
  ])('is published until its last token has expired, and no hour longer: tokens of %s', async (_ttl, ttl) => {
    const config = readConfig({ ...environmentOf(), ACCESS_TOKEN_TTL: `${ttl}s` });
    const app = await createApp(config, { clock: gateway.clock });
    opened.push(() => app.close());
    await app.signingKeys.ensure();
    const { active: kid } = await kidsOf(app);
    const publishedKids = async () => (await app.signingKeys.jwks()).keys.map((key) => 'kid' in key && key.kid);

    gateway.clock.travel(day);
    // An instance that has just read the keys signs with this one for another minute.
    expect((await app.signingKeys.signing(gateway.clock.now())).kid).toBe(kid);
    const beside = await openBeside();
    await beside.signingKeys.rotate();
    let lastSignature = 0;
    while ((await app.signingKeys.signing(gateway.clock.now())).kid === kid) {
      gateway.clock.travel(5);
      lastSignature += 5;
      if (lastSignature > 5 * minute) throw new Error('the retired key still signs');
    }
    gateway.clock.travel(ttl - 1);
    expect(await publishedKids()).toContain(kid);
    gateway.clock.travel(hour);
    expect(await publishedKids()).not.toContain(kid);
    expect(await publishedKids()).toHaveLength(2);
  });

  test('keeps its tokens valid until they expire', async () => {
    const app = await openBeside();
    const session = await newSession();
    gateway.clock.travel(publishAheadSeconds);
    const old = await refresh(session);
    await app.signingKeys.rotate();
    gateway.clock.travel(61);
    const young = await refresh(old);
    expect(kidOf(young)).not.toBe(kidOf(old));
    gateway.clock.travel(15 * minute - 62);
    expect(await reasonAt(gateway.url, old)).toBeNull();
    gateway.clock.travel(10);
    expect(await reasonAt(gateway.url, old)).toBe('TOKEN_EXPIRED');
    expect(await reasonAt(gateway.url, young)).toBeNull();
  });

  test('that has left the JWKS still makes its tokens expired, so that clients refresh', async () => {
    const app = await openBeside();
    const session = await newSession();
    gateway.clock.travel(day);
    await app.signingKeys.rotate();
    gateway.clock.travel(day);
    expect((await fetchJwks()).kids).not.toContain(kidOf(session));
    // As after a long pause of the client: its refresh token is valid, so it must not have to sign in again.
    expect(await reasonAt(gateway.url, session)).toBe('TOKEN_EXPIRED');
    expect(await reasonAt(gateway.url, await refresh(session))).toBeNull();
  });
});

describe('a leaked key', () => {
  /** The private key as an attacker with the database and SECRET decrypts it. */
  async function leak(kid: string) {
    const [row] = await gateway.database.query<{ sealed: Buffer }>(
      'select private_key_sealed as sealed from signing_keys where kid = $1',
      [kid],
    );
    const sealer = createSealer(createKeyRing([Buffer.from(testSecret, 'base64')]));
    const privateKey = readPrivateKey(sealer.unseal(row?.sealed ?? Buffer.alloc(0), kid));
    return (victim: SignedIn, iat: number, lifetime: number) =>
      new SignJWT({ ...decodeJwt(victim.accessToken), iat, exp: iat + lifetime })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
        .sign(privateKey);
  }
  const epoch = () => Math.floor(gateway.clock.now().getTime() / 1000);

  test('that has retired is refused, published or not', async () => {
    const app = await openBeside();
    const forge = await leak((await kidsOf(app)).active);
    let victim = await newSession();
    expect(await reasonAt(gateway.url, { ...victim, accessToken: await forge(victim, epoch(), 900) })).toBeNull();
    expect(await reasonAt(gateway.url, { ...victim, accessToken: await forge(victim, epoch(), 86_400) })).toBe(
      'TOKEN_INVALID',
    );
    gateway.clock.travel(publishAheadSeconds);
    await app.signingKeys.rotate();
    for (const elapsed of [10, 10 * minute, 5 * day]) {
      gateway.clock.travel(elapsed);
      victim = await refresh(victim);
      for (const lifetime of [900, hour, 10 * 365 * day]) {
        const accessToken = await forge(victim, epoch(), lifetime);
        expect(await reasonAt(gateway.url, { ...victim, accessToken })).toBe('TOKEN_INVALID');
      }
    }
    const expired = await forge(victim, epoch() - hour, 900);
    expect(await reasonAt(gateway.url, { ...victim, accessToken: expired })).toBe('TOKEN_EXPIRED');
  });

  test.each(['active', 'next', 'retired'] as const)(
    'that is %s is refused by every instance at once after its revocation, and users stay signed in',
    async (state) => {
      const [app, other] = [await openBeside(), await startBeside()];
      gateway.clock.travel(publishAheadSeconds);
      await app.signingKeys.rotate();
      const session = await newSession();
      const before = await kidsOf(app);
      const kid = state === 'retired' ? before.retired.join() : before[state];
      const forge = await leak(kid);
      const urls = [gateway.url, other.url];
      const stolen = { ...session, accessToken: await forge(session, epoch() - 10, 900) };
      for (const url of urls) {
        expect(await reasonAt(url, stolen)).toBeNull();
        expect((await fetchJwks(url)).kids).toContain(kid);
      }

      const replacedBy = state === 'active' ? before.next : null;
      expect(await app.signingKeys.revoke(kid)).toEqual({ kid, state, replacedBy });
      for (const url of urls) {
        expect(await reasonAt(url, stolen)).toBe('TOKEN_INVALID');
        expect((await fetchJwks(url)).kids).not.toContain(kid);
        const renewed = { ...session, ...(await refreshAt(url, session)) };
        expect(kidOf(renewed)).not.toBe(kid);
        expect(await reasonAt(gateway.url, renewed)).toBeNull();
      }
      const after = await kidsOf(app);
      expect([after.active, after.next, ...after.retired]).not.toContain(kid);
      const [entry] = await auditTrail(gateway.database, 'signing_key.revoked');
      expect(entry).toMatchObject({ targetId: kid, details: { kid, state, replacedBy } });
    },
  );

  test('that does not exist cannot be revoked', async () => {
    const app = await openBeside();
    expect(await app.signingKeys.revoke('unknown')).toBeNull();
    expect(await auditTrail(gateway.database, 'signing_key.revoked')).toEqual([]);
  });
});

describe('a forced rotation', () => {
  test('happens before verifiers have read the next key', async () => {
    const app = await openBeside();
    const first = await kidsOf(app);
    expect(await app.signingKeys.rotate({ force: true })).toEqual({
      rotated: true,
      from: first.active,
      to: first.next,
    });
    const session = await newSession();
    expect(kidOf(session)).toBe(first.next);
    expect(await reasonAt(gateway.url, session)).toBeNull();
  });
});

describe('the JWKS', () => {
  test('has the public half of the active and of the next key, and nothing else', async () => {
    const app = await openBeside();
    const { active, next } = await kidsOf(app);
    const { headers, jwks, kids } = await fetchJwks();
    expect(kids.sort()).toEqual([active, next].sort());
    for (const key of jwks.keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
      expect(key).toMatchObject({ alg: 'ES256', crv: 'P-256', kty: 'EC', use: 'sig' });
    }
    expect(headers.get('cache-control')).toBe('public, max-age=300');
  });

  test('has an ETag that changes with a rotation and with the removal of a key', async () => {
    const app = await openBeside();
    const etagNow = async () => (await fetchJwks()).headers.get('etag') ?? '';
    const first = await etagNow();
    expect(first).toMatch(/^"[\w-]{43}"$/);
    gateway.clock.travel(day);
    expect(await etagNow()).toBe(first);
    const unchanged = await fetchJwks(gateway.url, { 'if-none-match': first });
    expect(unchanged).toMatchObject({ status: 304, kids: [] });
    expect(unchanged.headers.get('etag')).toBe(first);

    await app.signingKeys.rotate();
    gateway.clock.travel(61);
    const changed = await fetchJwks(gateway.url, { 'if-none-match': first });
    expect(changed.status).toBe(200);
    expect(changed.kids).toHaveLength(3);
    const second = await etagNow();
    expect(second).not.toBe(first);

    gateway.clock.travel(day);
    expect((await fetchJwks()).kids).toHaveLength(2);
    expect([first, second]).not.toContain(await etagNow());
  });
});
