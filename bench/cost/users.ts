/** Users and sessions for a bench: one user registers through the API, the others are copies of its row. */
import pg from 'pg';
import { until } from '../../test/support/races/until.ts';
import { ask } from './load.ts';

export const password = 'Wander 7 lanterns';

export interface Tokens {
  accessToken: string;
  refreshToken: string;
}

export const operations = {
  viewer: '{ viewer { id email role { name } } }',
  refresh:
    'mutation ($input: RefreshInput!) { refresh(input: $input) { accessToken refreshToken viewer { id email } } }',
  login: `mutation ($input: LoginInput!) {
    login(input: $input) { ... on AuthSession { accessToken refreshToken viewer { id email } } }
  }`,
  register: 'mutation ($input: RegisterInput!) { register(input: $input) { status } }',
  verify: 'mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { verified } }',
};

export const addressOf = (user: number) => `bench-${user}@example.com`;

export async function createUsers(url: string, databaseUrl: string, count: number): Promise<void> {
  const email = 'template@example.com';
  await operate(url, operations.register, { email, password });
  const token = await until('the mail with the link', async () => {
    const { text } = await ask(url, { method: 'GET', path: '/dev/mailbox' });
    return /#token=([\w-]+)/.exec(text)?.[1];
  });
  await operate(url, operations.verify, { token });
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query(
      `insert into users (id, email, email_verified_at, password_hash, role_name, status, created_at, updated_at)
       select gen_random_uuid(), 'bench-' || n || '@example.com', email_verified_at, password_hash, role_name, status, created_at, updated_at
       from users, generate_series(0, $2::int - 1) n where email = $1`,
      [email, count],
    );
    await client.query('analyze');
  } finally {
    await client.end();
  }
}

export async function signIn(url: string, user: number): Promise<Tokens> {
  const { login } = await operate<{ login: Tokens }>(url, operations.login, { email: addressOf(user), password });
  return login;
}

export async function operate<Data>(url: string, query: string, input: object): Promise<Data> {
  const { text } = await ask(url, { method: 'POST', path: '/graphql', body: { query, variables: { input } } });
  const { data, errors } = JSON.parse(text);
  if (errors) throw new Error(`the bench could not prepare: ${text}`);
  return data;
}
