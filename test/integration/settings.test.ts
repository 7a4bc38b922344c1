/** The installation as administrators see it: settings without secrets, signing keys and their rotation. */
import { randomBytes } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { refusal, signIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { RotateSigningKeysDocument, SettingsDocument, SigningKeysDocument } from '../support/generated/graphql.ts';
import { auditTrail } from '../support/people/audit.ts';
import {
  createUserWithRole,
  lockoutAndVerificationOff,
  type UserWithRole,
} from '../support/people/users-with-roles.ts';

const minute = 60;

/** Each secret has a part that occurs nowhere else. */
const canary = () => randomBytes(24).toString('hex');
const secrets = {
  SECRET_PREVIOUS: randomBytes(32).toString('base64'),
  ROUTER_SECRET: canary(),
  METRICS_TOKEN: canary(),
  OTEL_EXPORTER_OTLP_HEADERS: `authorization=${canary()}`,
};

let superAdmin: UserWithRole;
let admin: UserWithRole;
const gateway = useGateway({
  ...lockoutAndVerificationOff,
  ...secrets,
  ACCESS_TOKEN_TTL: '10m',
  REAUTH_WINDOW: '5m',
  OTEL_SDK_DISABLED: 'true',
  OTEL_EXPORTER_OTLP_ENDPOINT: `https://collector:${canary()}@traces.example.com`,
});
beforeAll(async () => {
  superAdmin = await createUserWithRole(gateway, 'SUPER_ADMIN');
  admin = await createUserWithRole(gateway, 'ADMIN');
});

describe('settings', () => {
  const listed = async () => (await gateway.send(SettingsDocument, {}, superAdmin.accessToken)).settings;
  const settingOf = async (name: string) => (await listed()).find((setting) => setting.name === name);

  test('have the value in effect, in the notation of the environment, and its source', async () => {
    expect(await settingOf('ACCESS_TOKEN_TTL')).toEqual({
      name: 'ACCESS_TOKEN_TTL',
      value: '10m',
      source: 'ENVIRONMENT',
      secret: false,
    });
    expect(await settingOf('REFRESH_TOKEN_TTL')).toMatchObject({ value: '7d', source: 'DEFAULT' });
    expect(await settingOf('PASSWORD_POLICY')).toMatchObject({ value: 'classic', source: 'DEFAULT' });
    expect(await settingOf('REDIS_URL')).toMatchObject({ value: null, source: 'DEFAULT', secret: true });
  });

  test('have no value where it is a secret or contains one', async () => {
    const withheld = (await listed()).filter(({ secret }) => secret);
    expect(withheld.filter(({ value }) => value !== null)).toEqual([]);
    const set = withheld.filter(({ source }) => source !== 'DEFAULT').map(({ name }) => name);
    expect(set).toEqual(expect.arrayContaining([...Object.keys(secrets), 'SECRET', 'DATABASE_URL']));
    expect(set).toContain('OTEL_EXPORTER_OTLP_ENDPOINT');
    const answer = JSON.stringify(await listed());
    for (const secret of Object.values(secrets)) expect(answer).not.toContain(secret);
    expect(answer).not.toContain(gateway.database.url);
  });

  test('are for callers with the permission only', async () => {
    expect(await refusal(gateway.send(SettingsDocument, {}, admin.accessToken))).toMatchObject({
      code: 'FORBIDDEN',
      extensions: { requiredPermission: 'settings:read' },
    });
  });
});

describe('signing keys', () => {
  const rotate = async (by: UserWithRole, reason: string | null = null) =>
    (await gateway.send(RotateSigningKeysDocument, { input: { reason } }, by.accessToken)).rotateSigningKeys;
  const signedInAgain = async (user: UserWithRole): Promise<UserWithRole> => {
    const session = await signIn(gateway, user.email);
    return { ...user, session, accessToken: session.accessToken };
  };

  test('are listed with their states', async () => {
    const { signingKeys } = await gateway.send(SigningKeysDocument, {}, superAdmin.accessToken);
    expect(signingKeys.map(({ state }) => state).toSorted()).toEqual(['active', 'next']);
    const next = signingKeys.find(({ state }) => state === 'next');
    const promotableAt = new Date(Date.parse(next?.createdAt ?? '') + 10 * minute * 1000).toISOString();
    expect(next).toMatchObject({ activatedAt: null, retiredAt: null, promotableAt });
    expect(await refusal(gateway.send(SigningKeysDocument, {}, admin.accessToken))).toMatchObject({
      code: 'FORBIDDEN',
      extensions: { requiredPermission: 'settings:read' },
    });
  });

  test('rotate once every verifier knows the next key, with an entry of the administrator', async () => {
    const early = await rotate(superAdmin);
    expect(early.promoted).toBe(false);
    gateway.clock.travel(10 * minute);
    const by = await signedInAgain(superAdmin);
    const before = decodeProtectedHeader(by.accessToken).kid;
    const { promoted, promotableAt, keys } = await rotate(by, 'Left the team: Grace');
    expect(promoted).toBe(true);
    expect(promotableAt).toBe(new Date(gateway.clock.now().getTime() + 10 * minute * 1000).toISOString());
    expect(keys.find(({ kid }) => kid === before)).toMatchObject({ state: 'retired' });
    const active = keys.find(({ state }) => state === 'active');
    expect(decodeProtectedHeader((await signedInAgain(superAdmin)).accessToken).kid).toBe(active?.kid);
    expect((await auditTrail(gateway.database, 'signing_key.rotated')).at(-1)).toMatchObject({
      actorId: superAdmin.id,
      sessionId: by.session.session.id,
      targetId: active?.kid,
      details: { from: before, to: active?.kid },
    });
    const [entry] = await gateway.database.query(
      "select reason, ip_address as ip from audit_entries where action = 'signing_key.rotated' order by id desc limit 1",
    );
    expect(entry).toEqual({ reason: 'Left the team: Grace', ip: '127.0.0.1' });
  });

  test('rotate once when administrators rotate at the same time', async () => {
    gateway.clock.travel(10 * minute);
    const by = await signedInAgain(superAdmin);
    const rotations = await Promise.all(Array.from({ length: 5 }, () => rotate(by)));
    expect(rotations.filter(({ promoted }) => promoted)).toHaveLength(1);
  });

  test('are rotated only by recently authenticated callers with the permission, and with a valid reason', async () => {
    gateway.clock.travel(10 * minute);
    expect(await refusal(rotate(await signedInAgain(admin)))).toMatchObject({
      code: 'FORBIDDEN',
      extensions: { requiredPermission: 'signing-keys:write' },
    });
    const by = await signedInAgain(superAdmin);
    expect(await refusal(rotate(by, 'x'.repeat(501)))).toMatchObject({ code: 'BAD_USER_INPUT' });
    gateway.clock.travel(5 * minute + 1);
    expect(await refusal(rotate(by))).toMatchObject({ code: 'REAUTHENTICATION_REQUIRED' });
  });
});
