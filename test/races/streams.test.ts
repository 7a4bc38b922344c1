/** Streams that open at the same moment as their session is revoked: each of them ends. */
import { expect, test } from 'vitest';
import { lockoutOff, signIn } from '../support/gateway/gateway.ts';
import { openStream, sessionEvents } from '../support/gateway/streams.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { LogoutDocument } from '../support/generated/graphql.ts';
import { createUser } from '../support/people/password-attempts.ts';

const rounds = 1000;
const together = 10;
const promisedMs = 1000;

const gateway = useGateway({ ...lockoutOff, STREAMS_PER_USER: '10000' });

test(`${rounds} streams, each opened at the moment of the revocation of its session, end within a second`, async () => {
  const email = await createUser(gateway);
  const outcomes = { refused: 0, ended: 0 };
  for (let round = 0; round < rounds; round += together) {
    const sessions = await Promise.all(Array.from({ length: together }, () => signIn(gateway, email)));
    await Promise.all(
      sessions.map(async ({ accessToken }, index) => {
        const revoke = () => gateway.send(LogoutDocument, { input: {} }, accessToken);
        const open = () => openStream(gateway.url, { query: sessionEvents }, accessToken);
        // Opening takes some milliseconds: the revocation falls before, into and after each of its steps.
        const pauseMs = Math.random() * (index % 2 === 0 ? 40 : 2);
        const later = <T>(call: () => Promise<T>) =>
          new Promise<T>((resolve, reject) => setTimeout(() => call().then(resolve, reject), pauseMs));
        const [stream] = await Promise.all(index % 2 === 0 ? [open(), later(revoke)] : [later(open), revoke()]);
        if (stream.status === 401) outcomes.refused += 1;
        else {
          await stream.ended(promisedMs);
          expect(stream.messages[0]?.data?.sessionEvents).toMatchObject({
            __typename: 'SessionEnding',
            reason: 'SIGNED_OUT',
          });
          outcomes.ended += 1;
        }
      }),
    );
  }
  expect(outcomes.refused + outcomes.ended).toBe(rounds);
  // Both orders have happened.
  expect(outcomes.ended).toBeGreaterThan(rounds / 10);
}, 300_000);
