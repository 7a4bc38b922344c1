/**
 * Access to administration: allowed networks (ADMIN_IP_ALLOWLIST), required factors (MFA_REQUIRED_FOR), and the rate
 * limit `admin`.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf } from '../support/gateway/answer.ts';
import { bearer, limitsOff, refusal, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import {
  FullReauthenticateDocument,
  FullViewerDocument,
  RolesDocument,
  SuspendUserDocument,
} from '../support/generated/graphql.ts';
import { enrol } from '../support/people/authenticator.ts';
import {
  createUserWithRole,
  lockoutAndVerificationOff,
  type UserWithRole,
} from '../support/people/users-with-roles.ts';

const allowlist = '203.0.113.0/24, 2001:db8:7::/48, 198.51.100.7';
const viewer = { query: '{ viewer { id } }' };
const roles = { query: '{ roles { name } }' };

describe('ADMIN_IP_ALLOWLIST behind a trusted proxy', () => {
  let gateway: TestGateway;
  let admin: UserWithRole;
  beforeAll(async () => {
    gateway = await startTestGateway({
      ...lockoutAndVerificationOff,
      ADMIN_IP_ALLOWLIST: allowlist,
      TRUSTED_PROXIES: '127.0.0.1',
    });
    admin = await createUserWithRole(gateway, 'SUPER_ADMIN');
  });
  afterAll(() => gateway.stop());

  async function ask(body: object, forwardedFor?: string) {
    const headers = { ...bearer(admin.accessToken), ...(forwardedFor && { 'x-forwarded-for': forwardedFor }) };
    const { data, errors } = await answerOf(gateway.post(body, headers));
    return errors[0]?.extensions.code ?? (data === null ? 'nothing' : 'OK');
  }

  test.each([
    ['203.0.113.9', 'OK', 'an IPv4 address of a listed network'],
    ['203.0.114.9', 'FORBIDDEN', 'an address outside the network'],
    ['198.51.100.7', 'OK', 'a single address'],
    ['198.51.100.8', 'FORBIDDEN', 'the next address'],
    ['2001:db8:7::1', 'OK', 'an IPv6 address of a listed network'],
    ['2001:DB8:0007:ffff::9', 'OK', 'the same in another notation'],
    ['2001:db8:8::1', 'FORBIDDEN', 'another IPv6 network'],
    ['::ffff:203.0.113.9', 'OK', 'an IPv4 address mapped into IPv6'],
    ['::ffff:203.0.114.9', 'FORBIDDEN', 'a mapped address that is not listed'],
    ['[2001:db8:7::1]:4711', 'OK', 'an address with a port'],
    ['203.0.113.9, 192.0.2.1', 'FORBIDDEN', 'an address that the client wrote before the real one'],
    ['192.0.2.1, 203.0.113.9', 'OK', 'the real one after an address that the client wrote'],
    ['unknown', 'FORBIDDEN', 'no address'],
    ["203.0.113.9' or true", 'FORBIDDEN', 'malformed text'],
  ])('%s is %s: %s', async (forwardedFor, expected) => {
    expect(await ask(roles, forwardedFor)).toBe(expected);
    const mutation =
      'mutation ($input: RevokeUserSessionsInput!) { revokeUserSessions(input: $input) { user { id } } }';
    const harmless = { query: mutation, variables: { input: { userId: 'nobody' } } };
    expect(await ask(harmless, forwardedFor)).toBe(expected === 'OK' ? 'NOT_FOUND' : expected);
    // Operations on the own account are allowed from every network.
    expect(await ask(viewer, forwardedFor)).toBe('OK');
  });

  test('a request without a proxy is checked by its peer address', async () => {
    expect(await ask(roles)).toBe('FORBIDDEN');
  });
});

describe('ADMIN_IP_ALLOWLIST without a trusted proxy', () => {
  let gateway: TestGateway;
  afterAll(() => gateway.stop());

  test('ignores every header', async () => {
    gateway = await startTestGateway({ ...lockoutAndVerificationOff, ADMIN_IP_ALLOWLIST: '203.0.113.0/24' });
    const admin = await createUserWithRole(gateway, 'ADMIN');
    const headers = { ...bearer(admin.accessToken), 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9' };
    const { errors } = await answerOf(gateway.post(roles, headers));
    expect(errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
    expect(errors[0]?.extensions).not.toHaveProperty('requiredPermission');
  });

  test('admits the local network when it is listed', async () => {
    const localGateway = await startTestGateway(
      { ...lockoutAndVerificationOff, ADMIN_IP_ALLOWLIST: '127.0.0.0/8, ::1' },
      gateway,
    );
    try {
      const admin = await createUserWithRole(localGateway, 'ADMIN');
      await localGateway.send(RolesDocument, {}, admin.accessToken);
    } finally {
      await localGateway.stop();
    }
  });
});

describe('MFA_REQUIRED_FOR', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ ...lockoutAndVerificationOff, MFA_REQUIRED_FOR: 'SUPER_ADMIN,ADMIN' });
  });
  afterAll(() => gateway.stop());
  const ask = (accessToken: string) => gateway.send(RolesDocument, {}, accessToken);

  test('refuses users of the role without a second factor, and no other role', async () => {
    const admin = await createUserWithRole(gateway, 'ADMIN');
    expect((await refusal(ask(admin.accessToken))).code).toBe('MFA_ENROLLMENT_REQUIRED');
    const input = { userId: admin.id };
    const call = gateway.send(SuspendUserDocument, { input }, admin.accessToken);
    expect((await refusal(call)).code).toBe('MFA_ENROLLMENT_REQUIRED');
    await ask((await createUserWithRole(gateway, 'MODERATOR')).accessToken);
  });

  test('requires the second factor of each session', async () => {
    const user = await createUserWithRole(gateway, 'USER');
    const enrolled = await enrol(gateway, user.email);
    const before = enrolled.session;
    // As after the removal of the factor that proved the session while another factor exists.
    await gateway.database.query('update token_families set proven_totp_user_id = null where user_id = $1', [user.id]);
    await gateway.database.query("update users set role_name = 'ADMIN' where id = $1", [user.id]);
    expect((await refusal(ask(before.accessToken))).code).toBe('REAUTHENTICATION_REQUIRED');
    const { viewer: self } = await gateway.send(FullViewerDocument, {}, before.accessToken);
    expect(self?.id).toBe(user.id);
    const input = { code: enrolled.code() };
    const { reauthenticate } = await gateway.send(FullReauthenticateDocument, { input }, before.accessToken);
    await ask(reauthenticate.accessToken);
  });
});

test('administration is counted by user: a call beyond the limit waits, another administrator continues', async () => {
  const gateway = await startTestGateway({
    ...lockoutAndVerificationOff,
    RATE_LIMITS: `${limitsOff.replace('admin=off', 'admin=5/15m')}`,
  });
  try {
    const [first, second] = [await createUserWithRole(gateway, 'ADMIN'), await createUserWithRole(gateway, 'ADMIN')];
    for (let time = 0; time < 5; time += 1) await gateway.send(RolesDocument, {}, first.accessToken);
    const { code, status, extensions } = await refusal(gateway.send(RolesDocument, {}, first.accessToken));
    expect({ code, status }).toEqual({ code: 'RATE_LIMITED', status: 429 });
    expect(extensions.retryAfter).toBeLessThanOrEqual(15 * 60);
    await gateway.send(FullViewerDocument, {}, first.accessToken);
    await gateway.send(RolesDocument, {}, second.accessToken);
  } finally {
    await gateway.stop();
  }
});
