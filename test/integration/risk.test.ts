/** The risk assessment of sign-ins: what it records, what it changes with RISK=act, and what it must never change. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../src/app/app.ts';
import { readConfig } from '../../src/config/config.ts';
import { cleanUp } from '../../src/domain/operations/clean-up.ts';
import { goodPassword, newAddress, refusal, type SignedIn, testSecret } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  ExportMyDataDocument,
  ForgetHabitsDocument,
  RegisterDocument,
  RiskNumbersDocument,
  SessionRisksDocument,
} from '../support/generated/graphql.ts';
import { addresses, writeLocationFiles } from '../support/location/places.ts';
import { auditTrail } from '../support/people/audit.ts';
import { mailsDecided } from '../support/people/password-attempts.ts';
import { settleIn, signInFrom, trySignInFrom } from '../support/people/sign-in-from.ts';
import { createUserWithRole } from '../support/people/users-with-roles.ts';

const hour = 60 * 60;
const day = 24 * hour;
const newSignIn = 'A new sign-in to your account';

async function writeRules(rules: object): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'postern-rules-')), 'risk.json');
  await writeFile(path, JSON.stringify(rules));
  return path;
}

const common = {
  EMAIL_VERIFICATION: 'off',
  TRUSTED_PROXIES: '127.0.0.1',
  RATE_LIMIT_ALLOWLIST: '0.0.0.0/0,::/0',
  ...(await writeLocationFiles()),
};
const refuse = { countries: ['KP'], exceptRoles: ['SUPER_ADMIN'], exceptNetworks: ['203.0.113.201/32'] };
const rules = await writeRules({ refuse });

/** RISK is not set: it is `observe`. */
const gateway = useGateway({ ...common, RISK_RULES: rules });
const acting = useGateway({ ...common, RISK: 'act', RISK_RULES: rules }, gateway);
const off = useGateway({ ...common, RISK: 'off' }, gateway);

async function newUser(): Promise<string> {
  const email = newAddress();
  await gateway.send(RegisterDocument, { input: { email, password: goodPassword } });
  return email;
}

async function riskOf({ accessToken, session }: SignedIn) {
  const { viewer } = await gateway.send(SessionRisksDocument, {}, accessToken);
  const found = viewer?.sessions.nodes.find(({ id }) => id === session.id);
  if (!found) throw new Error('the session is not in the list');
  return found;
}

async function startDetails({ session }: SignedIn): Promise<Record<string, unknown>> {
  const entries = await auditTrail(gateway.database, 'session.started');
  return entries.find(({ sessionId }) => sessionId === session.id)?.details ?? {};
}

const habitsOf = (email: string) =>
  gateway.database.query('select h.* from account_habits h join users u on u.id = h.user_id where u.email = $1', [
    email,
  ]);

describe('a usual sign-in', () => {
  test('has its location, and an assessment without signals', async () => {
    const device = await settleIn(gateway, await newUser());
    expect(await riskOf(device)).toMatchObject({
      location: { country: 'DE', city: 'Berlin' },
      risk: { level: 'LOW', score: 0, signals: [], action: 'NONE' },
    });
  });

  test('stays in the audit trail with the country, and without city and coordinates', async () => {
    const details = await startDetails(await signInFrom(gateway, await newUser()));
    expect(details).toMatchObject({ country: 'DE', risk: { level: 'LOW', score: 0, signals: [], action: 'NONE' } });
    expect(JSON.stringify(details)).not.toMatch(/Berlin|52\.5|13\.4/);
  });

  test('from an unknown address has no location and no location signal', async () => {
    const device = await signInFrom(gateway, await newUser(), { ip: addresses.unknown });
    expect(await riskOf(device)).toMatchObject({ location: null, risk: { signals: [] } });
    expect(await startDetails(device)).not.toHaveProperty('country');
  });
});

describe('a sign-in from another country', () => {
  test('is recorded with its signals, and with RISK=observe answered like any other', async () => {
    const email = await newUser();
    const { deviceToken } = await settleIn(gateway, email);
    gateway.clock.travel(hour);
    const device = await signInFrom(gateway, email, { ip: addresses.newYork, deviceToken });
    expect(await riskOf(device)).toMatchObject({
      location: { country: 'US', city: 'New York' },
      risk: {
        level: 'HIGH',
        score: 80,
        signals: ['NEW_NETWORK', 'NEW_COUNTRY', 'NEW_ASN', 'IMPOSSIBLE_TRAVEL'],
        action: 'SECOND_STEP',
      },
    });
  });

  test.each([
    ['a carrier in another city', addresses.carrierInBerlin, addresses.carrierInMadrid],
    ['a VPN that is turned on', addresses.berlin, addresses.vpnInTokyo],
    ['a VPN in a data centre', addresses.berlin, addresses.dataCentreInTokyo],
    ['a satellite', addresses.berlin, addresses.satellite],
    ['an aeroplane', addresses.berlin, addresses.aeroplane],
    ['an address in the middle of its country', addresses.berlin, addresses.somewhereInUsa],
  ])('is no impossible travel: %s', async (_name, before, after) => {
    const email = await newUser();
    const { deviceToken } = await settleIn(gateway, email, { ip: before });
    gateway.clock.travel(hour);
    const { risk } = await riskOf(await signInFrom(gateway, email, { ip: after, deviceToken }));
    expect(risk?.signals).toContain('NEW_COUNTRY');
    expect(risk?.signals).not.toContain('IMPOSSIBLE_TRAVEL');
  });

  test('is usual after the account was learned there', async () => {
    const email = await newUser();
    await settleIn(gateway, email);
    gateway.clock.travel(day);
    const { deviceToken } = await signInFrom(gateway, email, { ip: addresses.newYork });
    gateway.clock.travel(day);
    expect(
      (await riskOf(await signInFrom(gateway, email, { ip: addresses.newYork, deviceToken }))).risk?.signals,
    ).toEqual([]);
  });
});

describe('with RISK=act', () => {
  test('a new country is mailed with the signals in words, also on a known device', async () => {
    const email = await newUser();
    const { deviceToken } = await settleIn(acting, email);
    gateway.clock.travel(day);
    const device = await signInFrom(acting, email, { ip: addresses.newYork, deviceToken });
    expect((await riskOf(device)).risk).toMatchObject({ score: 40, action: 'MAIL' });
    const { text } = await gateway.mail.take(email, newSignIn);
    expect(text).toContain(`from the IP address ${addresses.newYork} (near New York, United States)`);
    expect(text).toContain('What was unusual: the network is new; the country is new; the Internet provider is new.');
  });

  test('a usual sign-in is not mailed', async () => {
    const email = await newUser();
    await settleIn(acting, email);
    expect(await mailsDecided(gateway.database, 'new_sign_in', email)).toBe(0);
  });
});

describe('a rule that refuses a country', () => {
  const pyongyang = { ip: addresses.pyongyang };
  const refused = { code: 'FORBIDDEN', reason: 'LOCATION_NOT_ALLOWED' };

  test('refuses after a valid proof only, and records why', async () => {
    const email = await newUser();
    expect((await trySignInFrom(acting, email, { ...pyongyang, password: 'Wrong guess 1' })).error).toMatchObject({
      code: 'INVALID_CREDENTIALS',
    });
    const before = (await auditTrail(gateway.database, 'login.refused')).length;
    expect((await trySignInFrom(acting, email, pyongyang)).error).toMatchObject(refused);
    const [entry, ...more] = (await auditTrail(gateway.database, 'login.refused')).slice(before);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({
      outcome: 'DENIED',
      details: { reason: 'risk', country: 'KP', risk: { action: 'REFUSE' } },
    });
  });

  test('refuses no attempt of the counters: the owner is not locked out by it', async () => {
    const email = await newUser();
    for (let times = 0; times < 8; times += 1) await trySignInFrom(acting, email, pyongyang);
    await signInFrom(acting, email);
  });

  test('admits the excepted role, the excepted network, and an unknown location', async () => {
    const admin = await createUserWithRole(gateway, 'SUPER_ADMIN');
    await signInFrom(acting, admin.email, pyongyang);
    const email = await newUser();
    await signInFrom(acting, email, { ip: '203.0.113.201' });
    await signInFrom(acting, email, { ip: addresses.unknown });
  });

  test('refuses nothing with RISK=observe', async () => {
    const device = await signInFrom(gateway, await newUser(), pyongyang);
    expect((await riskOf(device)).risk?.action).toBe('REFUSE');
  });
});

describe('a locked account', () => {
  test('stays locked for a sign-in without any signal', async () => {
    const email = await newUser();
    await settleIn(acting, email);
    for (let times = 0; times < 5; times += 1) await trySignInFrom(acting, email, { password: 'Wrong guess 1' });
    expect((await trySignInFrom(acting, email)).error).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
  });
});

describe('with RISK=off', () => {
  test('a session has a location and no assessment, and no habits are stored', async () => {
    const email = await newUser();
    const device = await signInFrom(off, email);
    expect(await riskOf(device)).toMatchObject({ location: { country: 'DE' }, risk: null });
    expect(await startDetails(device)).not.toHaveProperty('risk');
    expect(await habitsOf(email)).toEqual([]);
  });
});

describe('habits', () => {
  test('are rounded, exported, and count every sign-in once, also parallel ones', async () => {
    const email = await newUser();
    const device = await signInFrom(gateway, email);
    await Promise.all([1, 2, 3].map(() => trySignInFrom(gateway, email)));
    const { exportMyData } = await gateway.send(ExportMyDataDocument, { input: {} }, device.accessToken);
    const { habits, sessions } = exportMyData.data;
    expect(habits).toMatchObject({
      lastLatitude: 52.5,
      lastLongitude: 13.4,
      lastRadiusKm: 20,
      lastAsn: 64_500,
      signIns: 4,
    });
    expect(habits).toMatchObject({ countries: [{ key: 'DE' }], asns: [{ key: '64500' }] });
    expect(sessions).toEqual(expect.arrayContaining([expect.objectContaining({ country: 'DE', city: 'Berlin' })]));
  });

  test('are deleted 180 days after the last sign-in', async () => {
    const email = await newUser();
    await signInFrom(gateway, email);
    const config = readConfig({ NODE_ENV: 'test', DATABASE_URL: gateway.database.url, SECRET: testSecret });
    const app = await createApp(config, { clock: gateway.clock });
    try {
      gateway.clock.travel(179 * day);
      await cleanUp(app.dependencies());
      expect(await habitsOf(email)).toHaveLength(1);
      gateway.clock.travel(2 * day);
      await cleanUp(app.dependencies());
      expect(await habitsOf(email)).toEqual([]);
    } finally {
      await app.close();
    }
  });

  test('of a purged account are gone', async () => {
    const email = await newUser();
    await signInFrom(gateway, email);
    await gateway.database.query('delete from users where email = $1', [email]);
    expect(await habitsOf(email)).toEqual([]);
  });

  test('are forgotten by an administrator of a higher rank, and learned again', async () => {
    const email = await newUser();
    const { deviceToken, viewer } = await settleIn(gateway, email);
    const admin = await createUserWithRole(gateway, 'ADMIN');
    const input = { userId: viewer.id, reason: 'moved to New York' };
    await gateway.send(ForgetHabitsDocument, { input }, admin.accessToken);
    expect(await habitsOf(email)).toEqual([]);
    const [entry] = (await auditTrail(gateway.database, 'risk.history_reset')).slice(-1);
    expect(entry).toMatchObject({ actorId: admin.id, targetId: viewer.id, outcome: 'SUCCESS' });
    gateway.clock.travel(hour);
    const device = await signInFrom(gateway, email, { ip: addresses.newYork, deviceToken });
    expect((await riskOf(device)).risk?.signals).toEqual([]);
  });

  test.each([
    ['a user without risk:write', 'MODERATOR', 'USER'],
    ['an administrator of the same rank', 'ADMIN', 'ADMIN'],
  ])('are kept from %s', async (_name, role, targetRole) => {
    const caller = await createUserWithRole(gateway, role);
    const target = await createUserWithRole(gateway, targetRole);
    const call = gateway.send(ForgetHabitsDocument, { input: { userId: target.id } }, caller.accessToken);
    expect(await refusal(call)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await habitsOf(target.email)).toHaveLength(1);
  });
});

describe('the overview', () => {
  test('counts the assessments since a time by signal, action and country', async () => {
    const admin = await createUserWithRole(gateway, 'ADMIN');
    gateway.clock.travel(hour);
    const since = gateway.clock.now().toISOString();
    const email = await newUser();
    const { deviceToken } = await settleIn(gateway, email);
    gateway.clock.travel(day);
    await signInFrom(gateway, email, { ip: addresses.newYork, deviceToken });
    const again = { ip: addresses.unknown, deviceToken: admin.session.deviceToken ?? '' };
    const { accessToken } = await signInFrom(gateway, admin.email, again);
    const { riskOverview, riskRules } = await gateway.send(RiskNumbersDocument, { since }, accessToken);
    expect(riskOverview).toEqual({
      since,
      assessments: 8,
      bySignal: ['NEW_ASN', 'NEW_COUNTRY', 'NEW_NETWORK'].map((key) => ({ key, count: 1 })),
      byAction: [
        { key: 'NONE', count: 7 },
        { key: 'MAIL', count: 1 },
      ],
      byCountry: [
        { key: 'DE', count: 6 },
        { key: 'US', count: 1 },
      ],
    });
    expect(riskRules).toContainEqual({ signal: 'NEW_COUNTRY', points: 25 });
  });

  test('is refused without audit:read, and for a time beyond the last 31 days', async () => {
    const moderator = await createUserWithRole(gateway, 'MODERATOR');
    expect(await refusal(gateway.send(RiskNumbersDocument, {}, moderator.accessToken))).toMatchObject({
      code: 'FORBIDDEN',
    });
    const admin = await createUserWithRole(gateway, 'ADMIN');
    const since = new Date(gateway.clock.now().getTime() - 32 * day * 1000).toISOString();
    expect(await refusal(gateway.send(RiskNumbersDocument, { since }, admin.accessToken))).toMatchObject({
      extensions: { fields: [{ path: 'since', code: 'OUT_OF_RANGE' }] },
    });
  });
});
