/** Sealing, clean-up and verification of a database, and sealing and clean-up beside requests. */
import type pg from 'pg';
import { type Conversation, send } from '../cost/load.ts';
import { operate, operations, password, type Tokens } from '../cost/users.ts';
import { type Database, perSecond, print, runCommand } from './commands.ts';
import { generatedAddress, insertOutdatedSessions } from './rows.ts';

const connections = 16;
const requests = 30_000;
const outdatedSessions = 50_000;

/** The gateway of the database runs, and seals every five seconds. */
export async function measureBackground(
  place: Database & { client: pg.Client; gateway: { url: string } },
): Promise<void> {
  const { client, gateway } = place;
  await measureChanges(client, gateway.url, 'refreshed alone');
  await insertOutdatedSessions(client, outdatedSessions);
  const cleaning = runCommand(place, ['cleanup']);
  await measureChanges(client, gateway.url, 'refreshed during clean-up');
  const seconds = await cleaning;
  print(
    `clean-up deleted ${outdatedSessions} sessions in ${seconds.toFixed(1)} s, ${perSecond(outdatedSessions, seconds)}`,
  );
  const { count } = (await client.query<{ count: number }>('select count(*)::float8 as count from audit_seals'))
    .rows[0] ?? {
    count: 0,
  };
  const verified = await runCommand(place, ['audit', 'verify']);
  print(`${count} entries were verified in ${verified.toFixed(1)} s, ${perSecond(count, verified)}`);
}

/** Every refresh is one change with one entry. */
async function measureChanges(client: pg.Client, url: string, name: string): Promise<void> {
  const conversations: Conversation[] = [];
  for (let user = 0; user < connections; user += 1) conversations.push(await refreshing(url, user * 140 + 1));
  const lags: number[] = [];
  let isOver = false;
  const watch = async () => {
    while (!isOver) {
      lags.push(await unsealed(client));
      await new Promise((wake) => setTimeout(wake, 1000));
    }
  };
  const watching = watch();
  const begun = performance.now();
  await send(url, conversations, requests).finally(() => {
    isOver = true;
  });
  const seconds = (performance.now() - begun) / 1000;
  await watching;
  const most = Math.max(0, ...lags);
  const left = await unsealed(client);
  print(`${name}: ${perSecond(requests, seconds)}; unsealed at most ${most}, at the end ${left}`);
}

/** The horizon is a parameter: as a subquery, PostgreSQL would read all entries. */
async function unsealed(client: pg.Client): Promise<number> {
  const last = await client.query<{ horizon: string }>(
    'select horizon::text from audit_checkpoints order by number desc limit 1',
  );
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from audit_entries e
     where e.inserted_by >= $1::xid8 and not exists (select from audit_seals s where s.entry_id = e.id)`,
    [last.rows[0]?.horizon ?? '0'],
  );
  return rows[0]?.count ?? 0;
}

async function refreshing(url: string, user: number): Promise<Conversation> {
  const input = { email: generatedAddress(user), password };
  let { refreshToken } = (await operate<{ login: Tokens }>(url, operations.login, input)).login;
  return {
    next: () => ({
      method: 'POST',
      path: '/graphql',
      body: { query: operations.refresh, variables: { input: { refreshToken } } },
    }),
    check({ text }) {
      refreshToken = JSON.parse(text).data.refresh.refreshToken;
    },
  };
}
