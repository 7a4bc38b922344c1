/** Concurrent refreshes share a statement (persistence/batches.ts), and stay independent of each other. */
import pg from 'pg';
import { expect, test } from 'vitest';
import { lockoutOff, registerUser } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { openSession, type Session } from '../support/people/session.ts';

const gateway = useGateway(lockoutOff);

async function openSessions(count: number): Promise<Session[]> {
  const email = await registerUser(gateway);
  return Promise.all(Array.from({ length: count }, () => openSession(gateway, email)));
}

test('a refresh that waits for the row of its session does not delay those of other sessions', async () => {
  const [locked, ...others] = await openSessions(8);
  const client = new pg.Client(gateway.database.url);
  await client.connect();
  try {
    await client.query('begin');
    await client.query('select from token_families where id = $1 for update', [locked?.session.id]);
    const waiting = Promise.all([locked?.refresh(), locked?.refresh(), locked?.refresh()]);
    const refreshed = await Promise.all(others.map((session) => session.refresh()));
    expect(refreshed.map(({ session }) => session.id)).toEqual(others.map(({ session }) => session.id));
    await client.query('commit');
    expect(new Set((await waiting).map((session) => session?.refreshToken)).size).toBe(1);
  } finally {
    await client.end();
  }
});

test('a session that was revoked fails alone, and each of the others gets its own tokens and entry', async () => {
  const [revoked, ...others] = await openSessions(8);
  await revoked?.signOut();
  const answers = await Promise.allSettled([revoked?.refresh(), ...others.map((session) => session.refresh())]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', ...others.map(() => 'fulfilled')]);
  const audited = await gateway.database.query<{ id: string }>(
    `select session_id as id from audit_entries where action = 'session.refreshed' and session_id = any($1::uuid[])`,
    [others.map(({ session }) => session.id)],
  );
  expect(new Set(audited.map(({ id }) => id)).size).toBe(others.length);
  expect(audited.length).toBe(others.length);
});
