/** Every operation that reads stored data, as a conversation on one connection. */
import type pg from 'pg';
import { operate, operations, password, type Tokens } from '../cost/users.ts';
import { administrationOperations, type Sample } from './administration-operations.ts';
import { bearer, get, type Operation } from './operation.ts';
import { ownOperations } from './own-operations.ts';
import { generatedAddress } from './rows.ts';

const metricsToken = 'bench-metrics-token-0123456789abcdef';
const limits = ['login', 'loginSource', 'refresh', 'register', 'verifyEmail', 'requestPasswordReset', 'exportMyData'];

export const settings = {
  LOG_LEVEL: 'warn',
  METRICS_TOKEN: metricsToken,
  ACCESS_TOKEN_TTL: '1h',
  REAUTH_WINDOW: '1h',
  RATE_LIMITS: [...limits, 'admin', 'anonymous', 'authenticated'].map((name) => `${name}=off`).join(','),
};

const adminNumber = 51;
const sessionCount = 32;

export async function operationsOf(url: string, client: pg.Client, users: number): Promise<Operation[]> {
  const nextUser = userNumbers(users);
  const logIn = async (user: number): Promise<Tokens> => {
    const input = { email: generatedAddress(user), password };
    return (await operate<{ login: Tokens }>(url, operations.login, input)).login;
  };
  await client.query(`update users set role_name = 'SUPER_ADMIN', mfa_enabled_at = null where email = $1`, [
    generatedAddress(adminNumber),
  ]);
  const admin = await logIn(adminNumber);
  const sessions: Tokens[] = [];
  for (let count = 0; count < sessionCount; count += 1) sessions.push(await logIn(nextUser()));
  return [
    ...ownOperations(sessions, nextUser),
    ...administrationOperations(admin, await readSample(client)),
    get('GET /auth/verify', '/auth/verify', bearer(admin), 204),
    get('GET /metrics', '/metrics', { authorization: `Bearer ${metricsToken}` }, 200),
    get('GET /readyz', '/readyz', {}, 200),
  ];
}

/**
 * Active users without a second factor and without privileges, spread over the table. In the nearly empty database as well
 * there are more than a measurement needs: a repeated request for one address sends no mail, and costs less.
 */
function userNumbers(users: number): () => number {
  const all = Array.from({ length: Math.floor(users / 10) }, (_, ten) => ten * 10 + 1);
  const usable = all.filter((user) => user % 7 > 0);
  let next = 0;
  return () => usable[(next++ * 7919) % usable.length] ?? 1;
}

async function readSample(client: pg.Client): Promise<Sample> {
  const { rows } = await client.query<Sample>(
    `select actor_id as "actorId", target_id as "targetId", ip_address as "ipAddress" from audit_entries
     where action = 'session.refreshed' and actor_id is not null order by id offset 1000 limit 1`,
  );
  const [sample] = rows;
  if (!sample) throw new Error('the generated audit trail has no session.refreshed');
  return sample;
}
