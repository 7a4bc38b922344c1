/** Sessions: sign-in, refresh and sign-out, the lifetimes of tokens, and what revokes them earlier. */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { createKeyRing } from '../../src/security/keys/key-ring.ts';
import { createRefreshTokens } from '../../src/security/tokens/refresh-token.ts';
import { answerOf, comparable } from '../support/gateway/answer.ts';
import { confirm } from '../support/gateway/confirmation.ts';
import {
  bearer,
  goodPassword,
  newAddress,
  refusal,
  registerUser,
  signIn,
  startTestGateway,
  type TestGateway,
  testSecret,
  withRefreshToken,
} from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  FullLoginDocument,
  FullRefreshDocument,
  FullViewerDocument,
  LogoutDocument,
  PasswordPolicyDocument,
  RegisterDocument,
  UpdateProfileDocument,
} from '../support/generated/graphql.ts';
import { everythingIsSent, outboxOf, takeAll } from '../support/mail/mailbox.ts';
import { auditTrail } from '../support/people/audit.ts';
import { openSession, type Session, sessionOf } from '../support/people/session.ts';

const day = 24 * 60 * 60;
const wrongPassword = 'Wander 8 lanterns';

/** Used by every test that does not change the account. */
let email: string;
const gateway = useGateway();
beforeAll(async () => {
  email = await registerUser(gateway);
});

const login = (address: string, password: string) =>
  gateway.send(FullLoginDocument, { input: { email: address, password } });
const loginAnswer = (address: string, password: string) =>
  answerOf(gateway.post(bodyOf(FullLoginDocument, { input: { email: address, password } })));
const viewerOf = (accessToken: string) => gateway.send(FullViewerDocument, {}, accessToken);
const logout = (input: { refreshToken?: string }, accessToken?: string) =>
  gateway.send(LogoutDocument, { input }, accessToken);

/** A second gateway with the same database, mail server and clock. */
async function startBeside(environment: Record<string, string>): Promise<TestGateway> {
  const beside = { DATABASE_URL: gateway.database.url, SMTP_URL: gateway.mail.url, ...environment };
  const other = await startTestGateway(beside);
  other.clock.travel((gateway.clock.now().getTime() - other.clock.now().getTime()) / 1000);
  return other;
}

interface FamilyRow {
  generation: number;
  rotated_at: Date;
  expires_at: Date;
  absolute_expires_at: Date;
  revoked_at: Date | null;
  revoked_reason: string | null;
}

async function familyOf(session: Session): Promise<FamilyRow> {
  const [row] = await gateway.database.query<FamilyRow>('select * from token_families where id = $1', [
    session.session.id,
  ]);
  if (!row) throw new Error('the session has no family');
  return row;
}

async function setUser(address: string, change: { status?: string; role_name?: string }): Promise<void> {
  for (const [column, value] of Object.entries(change)) {
    await gateway.database.query(`update users set ${column} = $1 where email = $2`, [value, address]);
  }
}

describe('sign-in', () => {
  test('gets the same response for an unknown address, a wrong password, a deleted account and one without a password', async () => {
    const [deleted, invited] = [await registerUser(gateway), await registerUser(gateway)];
    await setUser(deleted, { status: 'DELETED' });
    await gateway.database.query(`update users set password_hash = null, status = 'INVITED' where email = $1`, [
      invited,
    ]);
    const answers = [
      await loginAnswer('unknown@example.com', goodPassword),
      await loginAnswer(email, wrongPassword),
      await loginAnswer(email, ''),
      await loginAnswer(email, 'x'.repeat(1024)),
      await loginAnswer(deleted, goodPassword),
      await loginAnswer(invited, goodPassword),
      await loginAnswer(invited, ''),
    ];
    expect(answers[0]?.errors[0]?.extensions.code).toBe('INVALID_CREDENTIALS');
    expect(answers[0]?.status).toBe(200);
    const seen = answers.map((answer) => [answer.status, comparable(answer), [...answer.headers.keys()].sort()]);
    for (const one of seen) expect(one).toEqual(seen[0]);
  });

  test('reports a suspended account after the right password only', async () => {
    const address = await registerUser(gateway);
    await setUser(address, { status: 'SUSPENDED' });
    expect(await refusal(login(address, goodPassword))).toMatchObject({ code: 'ACCOUNT_SUSPENDED' });
    const wrong = await loginAnswer(address, wrongPassword);
    expect(comparable(wrong)).toBe(comparable(await loginAnswer('unknown@example.com', wrongPassword)));
    await setUser(address, { status: 'ACTIVE' });
    expect((await openSession(gateway, address)).viewer.email).toBe(address);
  });

  test('refuses a malformed address as bad input, and does not echo it', async () => {
    const answer = await loginAnswer('hunter2-in-the-wrong-field', goodPassword);
    expect(answer.errors[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: 'input.email', code: 'INVALID_EMAIL' }],
    });
    expect(answer.text).not.toContain('hunter2');
  });

  test('records the network and the device name', async () => {
    const body = bodyOf(FullLoginDocument, { input: { email, password: goodPassword, deviceName: '  Ada’s phone ' } });
    const answer = await answerOf(gateway.post(body, { 'user-agent': 'Lantern/7 (test)' }));
    expect(answer.data).toMatchObject({
      login: {
        session: {
          current: true,
          ipAddress: '127.0.0.1',
          userAgent: 'Lantern/7 (test)',
          deviceName: 'Ada’s phone',
          assurance: 'AAL1',
          methods: ['PASSWORD'],
        },
      },
    });
  });

  test.each([
    ['too long', 'd'.repeat(101), 'TOO_LONG'],
    ['with a line break', 'phone\nBcc: eve@example.com', 'INVALID_CHARACTERS'],
  ])('refuses a device name that is %s', async (_what, deviceName, code) => {
    const error = await refusal(
      gateway.send(FullLoginDocument, { input: { email, password: goodPassword, deviceName } }),
    );
    expect(error.extensions.fields).toMatchObject([{ path: 'input.deviceName', code }]);
  });

  test('gives each device a session of its own', async () => {
    const [one, other] = [await openSession(gateway, email), await openSession(gateway, email)];
    expect(one.session.id).not.toBe(other.session.id);
    expect(one.refreshToken).not.toBe(other.refreshToken);
    await one.expectSignedIn();
    await other.expectSignedIn();
  });

  test('ignores X-Forwarded-For of an untrusted peer', async () => {
    const body = bodyOf(FullLoginDocument, { input: { email, password: goodPassword } });
    const answer = await answerOf(gateway.post(body, { 'x-forwarded-for': '203.0.113.7' }));
    expect(answer.data).toMatchObject({ login: { session: { ipAddress: '127.0.0.1' } } });
  });
});

describe('a password hash', () => {
  test('is renewed at sign-in when the parameters have changed, and kept otherwise', async () => {
    const address = await registerUser(gateway);
    const stronger = await startBeside({ ARGON2_PASSES: '2' });
    try {
      const hashOf = async () => {
        const sql = 'select password_hash as hash from users where email = $1';
        return (await gateway.database.query<{ hash: string }>(sql, [address]))[0]?.hash ?? '';
      };
      const original = await hashOf();
      expect(original).toMatch(/^\$argon2id\$v=19\$m=7168,p=1,t=1\$/);
      await openSession(gateway, address);
      expect(await hashOf()).toBe(original);

      await refusal(stronger.send(FullLoginDocument, { input: { email: address, password: wrongPassword } }));
      expect(await hashOf()).toBe(original);
      await signIn(stronger, address);
      const renewed = await hashOf();
      expect(renewed).toMatch(/^\$argon2id\$v=19\$m=7168,p=1,t=2\$/);
      await signIn(stronger, address);
      expect(await hashOf()).toBe(renewed);
      expect(
        await refusal(stronger.send(FullLoginDocument, { input: { email: address, password: wrongPassword } })),
      ).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    } finally {
      await stronger.stop();
    }
  });
});

describe('the life of a session', () => {
  const cases = [
    { what: 'an ordinary one', rememberMe: false, slidingDays: 7, absoluteDays: 30 },
    { what: 'a remembered one', rememberMe: true, slidingDays: 30, absoluteDays: 90 },
  ];

  async function begin(rememberMe: boolean): Promise<Session> {
    const result = await gateway.send(FullLoginDocument, { input: { email, password: goodPassword, rememberMe } });
    return sessionOf(gateway, withRefreshToken(result.login));
  }

  const secondsLeft = (iso: string) => (new Date(iso).getTime() - gateway.clock.now().getTime()) / 1000;

  test.each(cases)(
    'is extended with each refresh: $what, by $slidingDays days',
    async ({ rememberMe, slidingDays }) => {
      let session = await begin(rememberMe);
      expect(secondsLeft(session.refreshTokenExpiresAt)).toBe(slidingDays * day);
      gateway.clock.travel(slidingDays * day - 1);
      session = await session.refresh();
      expect(secondsLeft(session.refreshTokenExpiresAt)).toBe(slidingDays * day);
      expect(session.session.expiresAt).toBe(session.refreshTokenExpiresAt);
      gateway.clock.travel(slidingDays * day);
      expect(await refusal(session.refresh())).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
    },
  );

  test.each(cases)('ends absolutely: $what after $absoluteDays days, however often it was used', async (one) => {
    let session = await begin(one.rememberMe);
    const step = 5 * day;
    for (let elapsed = step; elapsed < one.absoluteDays * day; elapsed += step) {
      gateway.clock.travel(step);
      session = await session.refresh();
      const left = one.absoluteDays * day - elapsed;
      expect(secondsLeft(session.refreshTokenExpiresAt)).toBe(Math.min(one.slidingDays * day, left));
    }
    gateway.clock.travel(step - 60);
    session = await session.refresh();
    expect(session.expiresIn).toBe(60);
    expect(session.accessTokenExpiresAt).toBe(session.session.expiresAt);
    gateway.clock.travel(60);
    expect(await refusal(session.refresh())).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
  });
});

describe('refresh', () => {
  test('rotates both tokens and keeps the session', async () => {
    const first = await openSession(gateway, email);
    gateway.clock.travel(60);
    const second = await first.refresh();
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second.accessToken).not.toBe(first.accessToken);
    expect(second.session).toMatchObject({ id: first.session.id, createdAt: first.session.createdAt, current: true });
    expect(second.session.lastUsedAt).not.toBe(first.session.lastUsedAt);
    expect(decodeJwt(second.accessToken).auth_time).toBe(decodeJwt(first.accessToken).auth_time);
    await second.expectSignedIn();
    // The earlier access token is valid until it expires.
    await first.expectSignedIn();
  });

  test('with the parent returns the same successor within the grace period, any number of times and without a write', async () => {
    const parent = await openSession(gateway, email);
    const child = await parent.refresh();
    await confirm(gateway, child);
    const before = await familyOf(child);
    for (const seconds of [0, 9, 18, 3]) {
      gateway.clock.travel(seconds);
      const again = await parent.refresh();
      expect(again.refreshToken).toBe(child.refreshToken);
    }
    expect(await familyOf(child)).toEqual(before);
    const grandchild = await child.refresh();
    expect(grandchild.refreshToken).not.toBe(child.refreshToken);
  });

  test('with the parent returns the same successor for days while no client has used that successor', async () => {
    const parent = await openSession(gateway, email);
    const lost = await parent.refresh();
    gateway.clock.travel(6 * day);
    const again = await parent.refresh();
    expect(again.refreshToken).toBe(lost.refreshToken);
    await again.expectSignedIn();
    expect(await familyOf(again)).toMatchObject({ generation: 1, revoked_at: null });
  });

  test('keeps the strict rule for a session rotated by the previous version, until its next rotation', async () => {
    const parent = await openSession(gateway, email);
    const child = await parent.refresh();
    const forget = 'update token_families set confirmed_generation = null where id = $1';
    await gateway.database.query(forget, [child.session.id]);
    gateway.clock.travel(31);
    const grandchild = await child.refresh();
    gateway.clock.travel(31);
    expect((await child.refresh()).refreshToken).toBe(grandchild.refreshToken);
    await gateway.database.query(forget, [child.session.id]);
    expect(await refusal(child.refresh())).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
    await grandchild.expectSignedOut();
  });

  test('with the parent after the grace period revokes the whole family at once, notifies the user, and is recorded', async () => {
    const address = await registerUser(gateway);
    const parent = await openSession(gateway, address);
    const otherDevice = await openSession(gateway, address);
    const child = await parent.refresh();
    await confirm(gateway, child);
    gateway.clock.travel(31);
    const answer = await answerOf(
      gateway.post(bodyOf(FullRefreshDocument, { input: { refreshToken: parent.refreshToken } })),
    );
    expect(answer.errors[0]?.extensions.code).toBe('INVALID_REFRESH_TOKEN');
    expect(Object.keys(answer.errors[0]?.extensions ?? {}).sort()).toEqual(['code', 'requestId']);

    await child.expectSignedOut();
    await parent.expectSignedOut();
    expect(await familyOf(child)).toMatchObject({ revoked_reason: 'reuse_detected', generation: 1 });
    await otherDevice.expectSignedIn();
    expect((await otherDevice.refresh()).session.id).toBe(otherDevice.session.id);

    const requestId = answer.errors[0]?.extensions.requestId;
    const detected = (await auditTrail(gateway.database, 'token.reuse_detected')).filter(
      ({ sessionId }) => sessionId === child.session.id,
    );
    expect(detected).toMatchObject([
      { outcome: 'DENIED', requestId, targetId: child.session.id, details: { presentedGeneration: 0, generation: 1 } },
    ]);
    const mails = await takeAll(gateway, address);
    expect(mails.map(({ subject }) => subject)).toEqual(['We ended one of your sessions']);
    expect(mails[0]?.text).toContain('127.0.0.1');
  });

  test('with a grandparent revokes the family even within the grace period', async () => {
    const address = await registerUser(gateway);
    const grandparent = await openSession(gateway, address);
    const parent = await grandparent.refresh();
    const child = await parent.refresh();
    expect(await refusal(grandparent.refresh())).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
    await child.expectSignedOut();
    expect(await familyOf(child)).toMatchObject({ revoked_reason: 'reuse_detected' });
    expect(await takeAll(gateway, address)).toHaveLength(1);
  });

  test('with a token of a revoked family is neither another theft nor a second mail', async () => {
    const address = await registerUser(gateway);
    const parent = await openSession(gateway, address);
    await confirm(gateway, await parent.refresh());
    gateway.clock.travel(31);
    for (let i = 0; i < 3; i += 1) {
      expect(await refusal(parent.refresh())).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
    }
    const detected = await auditTrail(gateway.database, 'token.reuse_detected');
    expect(detected.filter(({ sessionId }) => sessionId === parent.session.id)).toHaveLength(1);
    expect(await takeAll(gateway, address)).toHaveLength(1);
  });

  test('after the sign-out is refused without an alarm', async () => {
    const session = await openSession(gateway, email);
    const child = await session.refresh();
    await logout({}, child.accessToken);
    gateway.clock.travel(11);
    await everythingIsSent(gateway.database);
    const mails = (await outboxOf(gateway.database)).length;
    expect(await refusal(session.refresh())).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
    expect((await outboxOf(gateway.database)).length).toBe(mails);
    expect(await familyOf(session)).toMatchObject({ revoked_reason: 'logout' });
  });

  test('with a forged token changes nothing', async () => {
    const session = await openSession(gateway, email);
    const child = await session.refresh();
    const before = await familyOf(child);
    const bytes = Buffer.from(child.refreshToken, 'base64url');
    const body = bytes.subarray(0, 20);
    const flipped = (index: number) => {
      const copy = Buffer.from(bytes);
      copy[index] = (copy[index] ?? 0) ^ 1;
      return copy.toString('base64url');
    };
    const foreignMac = createHmac('sha256', 'another key').update(body).digest();
    const genuine = createRefreshTokens(createKeyRing([Buffer.from(testSecret, 'base64')]));
    const forged = [
      '',
      'x',
      'x'.repeat(50_000),
      child.accessToken,
      `${child.refreshToken}=`,
      ` ${child.refreshToken}`,
      child.refreshToken.slice(0, -1),
      flipped(0),
      flipped(19),
      flipped(51),
      Buffer.concat([body, foreignMac]).toString('base64url'),
      // Genuine, but of a later generation, or of a family that never existed.
      genuine.mint({ familyId: child.session.id, generation: 2 }),
      genuine.mint({ familyId: child.session.id, generation: 2 ** 31 - 1 }),
      genuine.mint({ familyId: child.viewer.id, generation: 0 }),
    ];
    for (const token of forged) {
      const code = token.length > 512 ? 'BAD_USER_INPUT' : 'INVALID_REFRESH_TOKEN';
      expect(await refusal(gateway.send(FullRefreshDocument, { input: { refreshToken: token } }))).toMatchObject({
        code,
      });
    }
    expect(await familyOf(child)).toEqual(before);
    expect((await child.refresh()).session.id).toBe(child.session.id);
  });

  test('returns the same error for every invalid token', async () => {
    const [reused, ended] = [await openSession(gateway, email), await openSession(gateway, email)];
    await logout({}, ended.accessToken);
    await (await reused.refresh()).refresh();
    const answers = [];
    for (const refreshToken of ['forged', ended.refreshToken, reused.refreshToken]) {
      answers.push(await answerOf(gateway.post(bodyOf(FullRefreshDocument, { input: { refreshToken } }))));
    }
    expect(new Set(answers.map((answer) => `${answer.status} ${comparable(answer)}`)).size).toBe(1);
  });

  test('is refused for a suspended user, and keeps the family', async () => {
    const address = await registerUser(gateway);
    const session = await openSession(gateway, address);
    const before = await familyOf(session);
    await setUser(address, { status: 'SUSPENDED' });
    expect(await refusal(session.refresh())).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
    expect(await familyOf(session)).toEqual(before);
  });
});

describe('sign-out', () => {
  test('by access token revokes that session at once, and no other', async () => {
    const [session, otherDevice] = [await openSession(gateway, email), await openSession(gateway, email)];
    expect((await logout({}, session.accessToken)).logout.revoked).toBe(true);
    await session.expectSignedOut();
    await otherDevice.expectSignedIn();
  });

  test('by refresh token alone revokes its session at once', async () => {
    const session = await openSession(gateway, email);
    expect((await logout({ refreshToken: session.refreshToken })).logout.revoked).toBe(true);
    await session.expectSignedOut();
  });

  test('by refresh token works beside an expired access token, and with an old refresh token', async () => {
    const session = await openSession(gateway, email);
    const child = await session.refresh();
    gateway.clock.travel(1000);
    expect((await logout({ refreshToken: session.refreshToken }, session.accessToken)).logout.revoked).toBe(true);
    expect(await refusal(child.refresh())).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
  });

  test('with the tokens of two sessions revokes both', async () => {
    const [one, other] = [await openSession(gateway, email), await openSession(gateway, email)];
    expect((await logout({ refreshToken: other.refreshToken }, one.accessToken)).logout.revoked).toBe(true);
    await one.expectSignedOut();
    await other.expectSignedOut();
  });

  test('twice reports that there was nothing to revoke', async () => {
    const session = await openSession(gateway, email);
    await logout({ refreshToken: session.refreshToken });
    expect((await logout({ refreshToken: session.refreshToken })).logout.revoked).toBe(false);
    expect(await refusal(logout({}, session.accessToken))).toMatchObject({
      code: 'UNAUTHENTICATED',
      extensions: { reason: 'SESSION_REVOKED' },
    });
    const ended = await auditTrail(gateway.database, 'session.ended');
    expect(ended.filter(({ sessionId }) => sessionId === session.session.id)).toHaveLength(1);
  });

  test('without any token is refused', async () => {
    for (const input of [{}, { refreshToken: '' }]) {
      expect(await refusal(logout(input))).toMatchObject({
        code: 'UNAUTHENTICATED',
        extensions: { reason: 'NO_CREDENTIALS' },
      });
    }
  });

  test('with a forged refresh token revokes nothing', async () => {
    const session = await openSession(gateway, email);
    const forged = `${session.refreshToken.slice(0, -2)}AA`;
    expect((await logout({ refreshToken: forged })).logout.revoked).toBe(false);
    await session.expectSignedIn();
  });
});

describe('the state of the database', () => {
  test('invalidates an access token of a suspended user on the next request', async () => {
    const address = await registerUser(gateway);
    const { accessToken } = await openSession(gateway, address);
    await setUser(address, { status: 'SUSPENDED' });
    const error = { code: 'UNAUTHENTICATED', extensions: { reason: 'SESSION_REVOKED' } };
    expect(await refusal(viewerOf(accessToken))).toMatchObject(error);
    expect(
      await refusal(gateway.send(UpdateProfileDocument, { input: { displayName: 'Ada' } }, accessToken)),
    ).toMatchObject(error);
  });

  test.each(['SUSPENDED', 'DELETED', 'INVITED'])('refuses every operation of a user who is %s', async (status) => {
    const address = await registerUser(gateway);
    const session = await openSession(gateway, address);
    await setUser(address, { status });
    await session.expectSignedOut();
  });

  test('decides the role, whatever the access token says', async () => {
    const address = await registerUser(gateway);
    const { accessToken, viewer } = await openSession(gateway, address);
    expect(viewer.permissions).toEqual(['profile:write', 'sessions:own', 'mfa:own', 'keys:own']);
    const update = () => gateway.send(UpdateProfileDocument, { input: { displayName: 'Ada' } }, accessToken);
    expect((await update()).updateProfile.viewer.displayName).toBe('Ada');

    await setUser(address, { role_name: 'MODERATOR' });
    const promoted = (await viewerOf(accessToken)).viewer;
    expect(promoted?.role).toMatchObject({ name: 'MODERATOR', rank: 60 });
    expect(promoted?.permissions).toContain('users:moderate');

    await setUser(address, { role_name: 'GUEST' });
    expect((await viewerOf(accessToken)).viewer).toMatchObject({ permissions: [], role: { name: 'GUEST', rank: 0 } });
    expect(decodeJwt(accessToken).scope).toContain('profile:write');
    const refused = await refusal(update());
    expect(refused).toMatchObject({ code: 'FORBIDDEN', extensions: { requiredPermission: 'profile:write' } });
    expect(Object.keys(refused.extensions).sort()).toEqual(['code', 'requestId', 'requiredPermission']);
  });

  test('decides the permissions of a role, too', async () => {
    const address = await registerUser(gateway);
    await gateway.database.query(
      `insert into roles (name, rank, permissions, system) values ('WRITER', 10, '{profile:write}', false)`,
    );
    await setUser(address, { role_name: 'WRITER' });
    const { accessToken } = await openSession(gateway, address);
    const update = () => gateway.send(UpdateProfileDocument, { input: { displayName: 'Ada' } }, accessToken);
    await update();
    await gateway.database.query(`update roles set permissions = '{}' where name = 'WRITER'`);
    expect(await refusal(update())).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('enters the claims with the next refresh', async () => {
    const address = await registerUser(gateway);
    const session = await openSession(gateway, address);
    await setUser(address, { role_name: 'GUEST' });
    const claims = decodeJwt((await session.refresh()).accessToken);
    expect(claims).toMatchObject({ role: 'GUEST', scope: '' });
  });
});

describe('an access token', () => {
  const issuer = 'https://auth.example.com';
  const epoch = () => Math.floor(gateway.clock.now().getTime() / 1000);

  test('has the claims of the contract, and verifies with the published keys', async () => {
    const session = await openSession(gateway, email);
    const keys = createRemoteJWKSet(new URL(`${gateway.url}/.well-known/jwks.json`));
    const { payload, protectedHeader } = await jwtVerify(session.accessToken, keys, {
      algorithms: ['ES256'],
      typ: 'at+jwt',
      issuer,
      audience: issuer,
      currentDate: gateway.clock.now(),
    });
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) });
    expect(payload).toEqual({
      iss: issuer,
      aud: issuer,
      sub: session.viewer.id,
      sid: session.session.id,
      iat: epoch(),
      exp: epoch() + 900,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      auth_time: epoch(),
      amr: ['pwd'],
      acr: 'AAL1',
      role: 'USER',
      scope: 'profile:write sessions:own mfa:own keys:own',
      ver: 1,
      client_id: 'postern',
      gen: 0,
    });
    expect(session.expiresIn).toBe(900);
    expect(Math.floor(new Date(session.accessTokenExpiresAt).getTime() / 1000)).toBe(payload.exp);
  });

  test('has a unique id', async () => {
    const parent = await openSession(gateway, email);
    const ids = [parent, await parent.refresh(), await parent.refresh()].map(
      ({ accessToken }) => decodeJwt(accessToken).jti,
    );
    expect(new Set(ids).size).toBe(3);
  });

  test('is valid for fifteen minutes, within the permitted clock skew', async () => {
    const { accessToken } = await openSession(gateway, email);
    gateway.clock.travel(904);
    expect((await viewerOf(accessToken)).viewer?.email).toBe(email);
    gateway.clock.travel(1);
    expect(await refusal(viewerOf(accessToken))).toMatchObject({
      code: 'UNAUTHENTICATED',
      extensions: { reason: 'TOKEN_EXPIRED' },
    });
  });

  test('is refused unless the gateway issued it', async () => {
    const session = await openSession(gateway, email);
    const claims = decodeJwt(session.accessToken);
    const header = { ...decodeProtectedHeader(session.accessToken), alg: 'ES256' };
    const [head = '', payload = '', signature = ''] = session.accessToken.split('.');
    const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwks = await (await fetch(`${gateway.url}/.well-known/jwks.json`)).text();
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const promoted = encode({ ...claims, role: 'SUPER_ADMIN' });
    const forged: Record<string, string> = {
      'not a JWT': 'lantern',
      'a JWT without anything': '..',
      'the refresh token': session.refreshToken,
      'alg none': new UnsecuredJWT(claims).encode(),
      'alg none with our header': `${encode({ ...header, alg: 'none' })}.${payload}.`,
      'no signature': `${head}.${payload}.`,
      'another payload': `${head}.${promoted}.${signature}`,
      'another signature': `${head}.${payload}.${Buffer.alloc(64, 7).toString('base64url')}`,
      'a signature of zeros': `${head}.${payload}.${Buffer.alloc(64).toString('base64url')}`,
      'a foreign key under our kid': await new SignJWT(claims).setProtectedHeader(header).sign(foreign),
      'a foreign key under its own kid': await new SignJWT(claims)
        .setProtectedHeader({ ...header, kid: 'foreign' })
        .sign(foreign),
      'a kid of Object.prototype': await new SignJWT(claims)
        .setProtectedHeader({ ...header, kid: '__proto__' })
        .sign(foreign),
      'an HMAC with the public keys': await new SignJWT(claims)
        .setProtectedHeader({ ...header, alg: 'HS256' })
        .sign(Buffer.from(jwks)),
      'another algorithm': await new SignJWT(claims)
        .setProtectedHeader({ ...header, alg: 'RS256' })
        .sign(rsa.privateKey),
      'another type': `${encode({ ...header, typ: 'JWT' })}.${payload}.${signature}`,
      'no type': `${encode({ alg: header.alg, kid: header.kid })}.${payload}.${signature}`,
      'more than any token is long': `${head}.${payload}${'A'.repeat(8200)}.${signature}`,
      'a fourth part': `${session.accessToken}.${signature}`,
    };
    for (const [what, token] of Object.entries(forged)) {
      const error = await refusal(viewerOf(token));
      expect([what, error.code, error.extensions.reason]).toEqual([what, 'UNAUTHENTICATED', 'TOKEN_INVALID']);
    }
    await session.expectSignedIn();
  });

  test('of another issuer with the same keys is refused', async () => {
    const other = await startBeside({ PUBLIC_URL: 'https://other.example.com' });
    try {
      const { accessToken } = await signIn(other, email);
      expect(await refusal(viewerOf(accessToken))).toMatchObject({ extensions: { reason: 'TOKEN_INVALID' } });
    } finally {
      await other.stop();
    }
  });

  test('is accepted as a bearer token only, with the scheme in any letter case', async () => {
    const { accessToken } = await openSession(gateway, email);
    const ask = (authorization: string) => answerOf(gateway.post(bodyOf(FullViewerDocument, {}), { authorization }));
    for (const authorization of [`bearer ${accessToken}`, `BEARER  ${accessToken}`]) {
      expect((await ask(authorization)).data).toMatchObject({ viewer: { email } });
    }
    for (const authorization of [accessToken, `Basic ${accessToken}`, 'Bearer', `Bearer ${accessToken} more`]) {
      expect((await ask(authorization)).errors[0]?.extensions).toMatchObject({
        code: 'UNAUTHENTICATED',
        reason: 'TOKEN_INVALID',
      });
    }
  });
});

describe('a request', () => {
  test('without a token has no viewer, and cannot change one', async () => {
    expect(await gateway.send(FullViewerDocument, {})).toEqual({ viewer: null });
    expect(await refusal(gateway.send(UpdateProfileDocument, { input: { displayName: 'Ada' } }))).toMatchObject({
      code: 'UNAUTHENTICATED',
      extensions: { reason: 'NO_CREDENTIALS' },
    });
  });

  test('with an invalid token is refused where a session is required, and served elsewhere', async () => {
    const ended = await openSession(gateway, email);
    await logout({}, ended.accessToken);
    for (const token of ['lantern', ended.accessToken]) {
      expect(await refusal(viewerOf(token))).toMatchObject({ code: 'UNAUTHENTICATED' });
      expect((await gateway.send(PasswordPolicyDocument, {}, token)).passwordPolicy.minLength).toBe(8);
      const body = bodyOf(FullLoginDocument, { input: { email, password: goodPassword } });
      const answer = await answerOf(gateway.post(body, bearer(token)));
      expect(answer.data).toMatchObject({ login: { __typename: 'AuthSession' } });
      const { login: again } = await gateway.send(
        FullLoginDocument,
        { input: { email, password: goodPassword } },
        token,
      );
      const { refreshToken } = withRefreshToken(again);
      expect((await gateway.send(FullRefreshDocument, { input: { refreshToken } }, token)).refresh.viewer.email).toBe(
        email,
      );
      const registered = gateway.send(
        RegisterDocument,
        { input: { email: newAddress(), password: goodPassword } },
        token,
      );
      expect((await registered).register.status).toBe('VERIFICATION_SENT');
    }
  });
});
