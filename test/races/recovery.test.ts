/**
 * Recovery in parallel with a factor that the attacker confirms, and the removal of a factor in parallel with new
 * tokens.
 */
import { expect, test } from 'vitest';
import { goodPassword, type SignedIn, signIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  BeginTotpEnrollmentDocument,
  ConfirmTotpEnrollmentDocument,
  DisableTotpDocument,
  DisownSessionDocument,
  FullReauthenticateDocument,
  FullRefreshDocument,
  RevokeOtherSessionsDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { codeAt, enrol } from '../support/people/authenticator.ts';
import { addPasskey, askRegistration, confirmRegistration } from '../support/people/passkeys.ts';
import { createUser } from '../support/people/password-attempts.ts';
import { SoftwareAuthenticator } from '../support/people/software-authenticator.ts';
import { atOnce, outcomeOf, valuesOf } from '../support/races/at-once.ts';
import { raceAtUser } from '../support/races/row-lock.ts';

const gateway = useGateway();

async function factorsOf({ viewer }: SignedIn): Promise<number> {
  const [row] = await gateway.database.query<{ count: number }>(
    `select ((select count(*) from passkeys where user_id = $1) + (select count(*) from totp_secrets where user_id = $1)
       + (select count(*) from backup_codes where user_id = $1))::int as count`,
    [viewer.id],
  );
  return row?.count ?? -1;
}

/** An attacker's session, and the token of the mail about it. */
async function intrusion(): Promise<{ session: SignedIn; token: string }> {
  const email = await createUser(gateway);
  await signIn(gateway, email);
  await gateway.database.query(`update token_families set network = '198.51.100.0/24'`);
  gateway.clock.travel(60);
  const session = await signIn(gateway, email);
  return { session, token: tokenIn(await gateway.mail.take(email, 'A new sign-in to your account')) };
}

const disown = (token: string) => gateway.send(DisownSessionDocument, { input: { token } });

test('no passkey confirmed during the recovery exists after it', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { session, token } = await intrusion();
    const response = new SoftwareAuthenticator().register(await askRegistration(gateway, session));
    const calls = [() => disown(token), () => confirmRegistration(gateway, session, response)];
    if (round % 2 === 1) calls.reverse();
    await raceAtUser(gateway, session, 2, () => Promise.all(calls.map((call) => outcomeOf<unknown>(call()))));
    expect(await factorsOf(session)).toBe(0);
  }
});

test('no TOTP secret confirmed during the recovery exists after it', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { session, token } = await intrusion();
    const { accessToken } = session;
    const { beginTotpEnrollment } = await gateway.send(BeginTotpEnrollmentDocument, { input: {} }, accessToken);
    const input = { code: codeAt(beginTotpEnrollment.secret, gateway.clock.now()) };
    const calls: (() => Promise<unknown>)[] = [
      () => disown(token),
      () => gateway.send(ConfirmTotpEnrollmentDocument, { input }, accessToken),
    ];
    if (round % 2 === 1) calls.reverse();
    await raceAtUser(gateway, session, 2, () => Promise.all(calls.map((call) => outcomeOf(call()))));
    expect(await factorsOf(session)).toBe(0);
  }
});

test('no token of AAL2 is issued after the removal of the last factor, under any concurrent request', async () => {
  for (let round = 0; round < 5; round += 1) {
    const owner = await enrol(gateway);
    const { accessToken, refreshToken } = owner.session;
    await raceAtUser(gateway, owner.session, 1, () =>
      atOnce(3, (caller): Promise<unknown> => {
        if (caller === 0) return gateway.send(DisableTotpDocument, { input: { code: owner.code() } }, accessToken);
        if (caller === 1) return gateway.send(FullRefreshDocument, { input: { refreshToken } });
        return gateway.send(FullReauthenticateDocument, { input: { code: owner.backupCodes[0] ?? '' } }, accessToken);
      }),
    );
    if ((await factorsOf(owner.session)) > 0) continue;
    const input = { password: goodPassword };
    const { reauthenticate } = await gateway.send(FullReauthenticateDocument, { input }, accessToken);
    expect(reauthenticate.session.assurance).toBe('AAL1');
  }
});

test('sessions that revoke each other while one adds a first factor neither deadlock nor fail', async () => {
  const email = await createUser(gateway);
  const sessions: SignedIn[] = [];
  for (let count = 0; count < 4; count += 1) sessions.push(await signIn(gateway, email));
  const [first] = sessions;
  if (!first) throw new Error('there is no session');
  const outcomes = await raceAtUser(gateway, first, 4, () =>
    atOnce(4, (caller): Promise<unknown> => {
      if (caller === 0) return addPasskey(gateway, first);
      return gateway.send(RevokeOtherSessionsDocument, { input: {} }, sessions[caller]?.accessToken);
    }),
  );
  const failed = outcomes.filter(({ error }) => error !== null && error.code !== 'UNAUTHENTICATED');
  expect(failed).toEqual([]);
  expect(valuesOf(outcomes).length).toBeGreaterThan(0);
});
