/** Every operation that reads stored data, as a conversation on one connection. */
import type pg from 'pg';
import type { Answer, Conversation, Sent } from '../cost/load.ts';
import { operate, operations, password, type Tokens } from '../cost/users.ts';
import { generatedAddress } from './rows.ts';

export interface Operation extends Conversation {
  name: string;
  /** The most requests of one round. */
  requests: number;
}

interface Sample {
  actorId: string;
  targetId: string;
  ipAddress: string;
}

const metricsToken = 'bench-metrics-token-0123456789abcdef';
const limits = ['login', 'loginSource', 'refresh', 'register', 'verifyEmail', 'requestPasswordReset', 'exportMyData'];

export const settings = {
  LOG_LEVEL: 'warn',
  METRICS_TOKEN: metricsToken,
  ACCESS_TOKEN_TTL: '1h',
  REAUTH_WINDOW: '1h',
  RATE_LIMITS: [...limits, 'admin', 'anonymous', 'authenticated'].map((name) => `${name}=off`).join(','),
};

/** Active users without a second factor and without privileges, spread over the table. */
function userNumbers(users: number): () => number {
  const all = Array.from({ length: Math.floor(users / 100) }, (_, hundred) => hundred * 100 + 1);
  const usable = all.filter((user) => user % 7 > 0);
  let next = 0;
  return () => usable[(next++ * 7919) % usable.length] ?? 1;
}

export async function operationsOf(url: string, client: pg.Client, users: number): Promise<Operation[]> {
  const nextUser = userNumbers(users);
  const logIn = async (user: number): Promise<Tokens> => {
    const input = { email: generatedAddress(user), password };
    return (await operate<{ login: Tokens }>(url, operations.login, input)).login;
  };
  await client.query(`update users set role_name = 'SUPER_ADMIN', mfa_enabled_at = null where email = $1`, [
    generatedAddress(51),
  ]);
  const admin = await logIn(51);
  const sessions: Tokens[] = [];
  for (let count = 0; count < 32; count += 1) sessions.push(await logIn(nextUser()));
  const { rows } = await client.query<Sample>(
    `select actor_id as "actorId", target_id as "targetId", ip_address as "ipAddress" from audit_entries
     where action = 'session.refreshed' and actor_id is not null order by id offset 1000 limit 1`,
  );
  const [sample] = rows;
  if (!sample) throw new Error('the generated audit trail has no session.refreshed');
  return [
    ...ownOperations(sessions, nextUser),
    ...userLists(admin),
    ...auditLists(admin, sample),
    ...numbers(admin),
    get('GET /auth/verify', '/auth/verify', bearer(admin), 204),
    get('GET /metrics', '/metrics', { authorization: `Bearer ${metricsToken}` }, 200),
    get('GET /readyz', '/readyz', {}, 200),
  ];
}

function ownOperations(sessions: Tokens[], nextUser: () => number): Operation[] {
  const ended: string[] = [];
  const turns = (use: (tokens: Tokens, place: number) => Sent) => {
    let next = 0;
    return () =>
      use(sessions[next++ % sessions.length] ?? { accessToken: '', refreshToken: '' }, next % sessions.length);
  };
  let refreshed = 0;
  let registered = 0;
  return [
    operation(
      'viewer',
      turns((own) => graphql(operations.viewer, {}, own)),
    ),
    {
      ...operation('refresh', () => {
        const { refreshToken = '' } = sessions[refreshed % sessions.length] ?? {};
        return graphql(operations.refresh, { input: { refreshToken } });
      }),
      check(answer) {
        assertData(answer);
        sessions[refreshed % sessions.length] = JSON.parse(answer.text).data.refresh;
        refreshed += 1;
      },
    },
    {
      ...operation(
        'login',
        () => graphql(operations.login, { input: { email: generatedAddress(nextUser()), password } }),
        10,
      ),
      check(answer) {
        assertData(answer);
        ended.push(JSON.parse(answer.text).data.login.accessToken);
      },
    },
    operation(
      'logout',
      () => graphql('mutation { logout(input: {}) { __typename } }', {}, { accessToken: ended.pop() ?? '' }),
      10,
    ),
    operation(
      'register',
      () => graphql(operations.register, { input: { email: `new-${registered++}@example.com`, password } }),
      10,
    ),
    {
      ...operation('verifyEmail, unknown token', () =>
        graphql(operations.verify, { input: { token: 'A'.repeat(43) } }),
      ),
      check: ({ text }) => assertContains(text, '"errors"'),
    },
    operation('requestPasswordReset', () =>
      graphql('mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { __typename } }', {
        input: { email: generatedAddress(nextUser()) },
      }),
    ),
    operation(
      'viewer.sessions',
      turns((own) => graphql('{ viewer { sessions { totalCount nodes { id lastUsedAt } } } }', {}, own)),
    ),
    operation(
      'viewer.securityEvents',
      turns((own) => graphql('{ viewer { securityEvents { totalCount nodes { id action } } } }', {}, own)),
    ),
    operation(
      'exportMyData',
      turns((own) => graphql('mutation { exportMyData(input: {}) { data } }', {}, own)),
    ),
  ];
}

const ago = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1000).toISOString();

function userLists(admin: Tokens): Operation[] {
  const list = (name: string, where: object, orderBy: object | null = null) =>
    operation(`users: ${name}`, () =>
      graphql(
        `query ($where: UserFilter, $orderBy: UserOrder) {
          users(where: $where, orderBy: $orderBy) { nodes { id email displayName status lastLoginAt } }
        }`,
        { where, ...(orderBy && { orderBy }) },
        admin,
      ),
    );
  const count = (name: string, where: object) =>
    operation(`users: totalCount, ${name}`, () =>
      graphql('query ($where: UserFilter) { users(first: 1, where: $where) { totalCount } }', { where }, admin),
    );
  return [
    list('all', {}),
    list('by address', {}, { field: 'EMAIL', direction: 'ASC' }),
    list('by last sign-in', {}, { field: 'LAST_LOGIN_AT', direction: 'DESC' }),
    list('one address', { email: generatedAddress(777) }),
    list('addresses that begin with u', { email: 'u' }),
    list('a name', { name: 'ada lovel' }),
    list('role MODERATOR', { role: 'MODERATOR' }),
    list('suspended', { status: 'SUSPENDED' }),
    list('with a factor', { mfaEnabled: true }),
    list('created before', { createdBefore: ago(0.5) }),
    list('signed in since', { lastLoginFrom: ago(0.5) }),
    count('all', {}),
    count('active', { status: 'ACTIVE' }),
    count('a name', { name: 'ada' }),
    operation('user with sessions and entries', () =>
      graphql(
        `{ users(first: 5) { nodes { id sessions { totalCount nodes { id } } auditEntries(first: 5) { totalCount nodes { id } } } } }`,
        {},
        admin,
      ),
    ),
  ];
}

function auditLists(admin: Tokens, { actorId, targetId, ipAddress }: Sample): Operation[] {
  const list = (name: string, where: object) =>
    operation(`audit: ${name}`, () =>
      graphql(
        'query ($where: AuditFilter) { auditEntries(where: $where) { nodes { id action outcome occurredAt hash } } }',
        { where },
        admin,
      ),
    );
  const count = (name: string, where: object) =>
    operation(`audit: totalCount, ${name}`, () =>
      graphql('query ($where: AuditFilter) { auditEntries(first: 1, where: $where) { totalCount } }', { where }, admin),
    );
  return [
    list('all', {}),
    list('period', { since: ago(100), until: ago(50) }),
    list('common action', { action: 'session.refreshed' }),
    list('rare action', { action: 'account.locked' }),
    list('unused action', { action: 'role.created' }),
    list('failures', { outcome: 'FAILURE' }),
    list('successes', { outcome: 'SUCCESS' }),
    list('denials', { outcome: 'DENIED' }),
    list('actor', { actorId }),
    list('target', { targetId }),
    list('address', { ipAddress }),
    list('action and actor', { action: 'session.refreshed', actorId }),
    list('rare action, other outcome', { action: 'account.locked', outcome: 'SUCCESS' }),
    list('action of a period', { action: 'account.locked', since: ago(100), until: ago(50) }),
    count('all', {}),
    count('common action', { action: 'session.started' }),
    count('failures of a period', { outcome: 'FAILURE', since: ago(100) }),
  ];
}

function numbers(admin: Tokens): Operation[] {
  const integrity = graphql('{ auditIntegrity { whole checked waiting } }', {}, admin);
  const overview = (since: string | null) =>
    graphql(
      `query ($since: DateTime) {
        securityOverview(since: $since) {
          activeSessions lockedAccounts pendingRegistrations total { signIns signInFailures } activity { signIns }
          mfa { users enabled } mailQueue { pending deadLetters }
        }
      }`,
      { since },
      admin,
    );
  return [
    operation('auditIntegrity', () => integrity, 2),
    operation('securityOverview, a day', () => overview(null)),
    operation('securityOverview, 30 days', () => overview(ago(30))),
  ];
}

function operation(name: string, next: () => Sent, requests = 60): Operation {
  return { name, requests, next, check: assertData };
}

function get(name: string, path: string, headers: Record<string, string>, status: number): Operation {
  const check = (answer: Answer) => {
    if (answer.status !== status) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
  };
  return { name, requests: 60, next: () => ({ method: 'GET', path, headers }), check };
}

function graphql(query: string, variables: object, tokens?: Pick<Tokens, 'accessToken'>): Sent {
  return { method: 'POST', path: '/graphql', headers: tokens ? bearer(tokens) : {}, body: { query, variables } };
}

function bearer({ accessToken }: Pick<Tokens, 'accessToken'>): Record<string, string> {
  return { authorization: `Bearer ${accessToken}` };
}

function assertData({ text }: Answer): void {
  if (text.includes('"errors"')) throw new Error(`the gateway answered ${text}`);
}

function assertContains(text: string, part: string): void {
  if (!text.includes(part)) throw new Error(`the gateway answered ${text}`);
}
