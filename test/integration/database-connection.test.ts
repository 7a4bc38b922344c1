/** How a running gateway applies DATABASE_URL: TLS, schema, and settings of the session. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explain } from '../../src/cli/explain.ts';
import { migrate } from '../../src/persistence/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { newAddress, registerUser, signIn, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { type Certificates, switchOnTls } from '../support/servers/tls-database.ts';

/** Runs a gateway while the work lasts. */
async function withGateway<T>(environment: Record<string, string>, work: (gateway: TestGateway) => Promise<T>) {
  const gateway = await startTestGateway(environment);
  try {
    return await work(gateway);
  } finally {
    await gateway.stop();
  }
}

const readiness = ({ url }: TestGateway) => fetch(`${url}/readyz`).then((answer) => answer.text());

async function sentenceOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'no error',
    (error: unknown) => explain(error),
  );
}

describe('TLS', () => {
  let database: TestDatabase;
  let certificates: Certificates;
  beforeAll(async () => {
    certificates = await switchOnTls('DNS:localhost');
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await database?.drop();
    await certificates?.remove();
  });

  const urlWith = (query: string, host = 'localhost') => {
    const url = new URL(database.url);
    url.hostname = host;
    return `${url.href}?${query}`;
  };
  const connect = (query: string, ca: string | null, host?: string) =>
    sentenceOf(migrate({ url: urlWith(query, host), ca }));

  test('encrypts every connection of a gateway that requires it', async () => {
    const DATABASE_URL = urlWith('sslmode=verify-full&application_name=encrypted');
    await withGateway({ DATABASE_URL, DATABASE_CA: certificates.ca }, async (gateway) => {
      expect(await readiness(gateway)).toMatch(/^database: ok \(TLSv1\.3\)$/m);
      const sessions = await database.query<{ ssl: boolean }>(
        `select ssl from pg_stat_activity join pg_stat_ssl using (pid) where application_name = 'encrypted'`,
      );
      expect(sessions.length).toBeGreaterThan(0);
      expect(sessions.every(({ ssl }) => ssl)).toBe(true);
    });
  });

  test.each(['sslmode=verify-full', 'sslmode=verify-ca', 'sslmode=require', ''])(
    'refuses a server of another CA: %s',
    async (query) => {
      expect(await connect(query, certificates.otherCa)).toMatch(/certificate of PostgreSQL is not trusted/);
    },
  );

  test('refuses a certificate unknown to the system', async () => {
    expect(await connect('sslmode=verify-full', null)).toMatch(/certificate of PostgreSQL is not trusted/);
    expect(await connect('ssl=true', null)).toMatch(/certificate of PostgreSQL is not trusted/);
  });

  test('compares the host name with verify-full only', async () => {
    expect(await connect('sslmode=verify-full', certificates.ca, '127.0.0.1')).toMatch(/is for another host/);
    expect(await connect('', certificates.ca, '127.0.0.1')).toMatch(/is for another host/);
    expect(await connect('sslmode=verify-ca', certificates.ca, '127.0.0.1')).toBe('no error');
    expect(await connect('sslmode=require', null, '127.0.0.1')).toBe('no error');
    expect(await connect('sslmode=verify-full', certificates.ca)).toBe('no error');
  });
});

describe('schema', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ empty: true });
  });
  afterAll(() => database?.drop());

  test('holds every table for queries and raw SQL', async () => {
    const DATABASE_URL = `${database.url}?schema=auth`;
    await withGateway({ DATABASE_URL }, async (gateway) => {
      const email = await registerUser(gateway, newAddress());
      expect(await signIn(gateway, email)).toMatchObject({ accessToken: expect.any(String) });
      expect(await readiness(gateway)).toMatch(/^migrations: ok/m);
    });
    const tables = await database.query<{ schema: string; count: number }>(
      `select schemaname as schema, count(*)::int as count from pg_tables
       where schemaname in ('public', 'auth') group by 1`,
    );
    expect(tables).toEqual([{ schema: 'auth', count: expect.any(Number) }]);
    expect(await migrate({ url: DATABASE_URL })).toEqual([]);
  });
});

describe('settings of the database', () => {
  test.each([
    ['datestyle', "'German, DMY'"],
    ['intervalstyle', "'sql_standard'"],
    ['timezone', "'Asia/Kathmandu'"],
    ['bytea_output', "'escape'"],
    ['default_transaction_isolation', "'serializable'"],
    ['client_encoding', "'LATIN1'"],
    ['standard_conforming_strings', 'off'],
  ])('%s = %s changes nothing', async (name, value) => {
    const database = await createTestDatabase();
    try {
      await database.query(`alter database ${new URL(database.url).pathname.slice(1)} set ${name} = ${value}`);
      await withGateway({ DATABASE_URL: database.url }, async (gateway) => {
        const email = await registerUser(gateway, newAddress());
        expect(await signIn(gateway, email)).toMatchObject({ accessToken: expect.any(String) });
      });
    } finally {
      await database.drop();
    }
  });
});

describe('an unusable database is refused with one sentence', () => {
  test('because it is not in UTF-8', async () => {
    const database = await createTestDatabase({
      empty: true,
      options: "encoding 'LATIN1' template template0 locale 'C'",
    });
    try {
      expect(await sentenceOf(migrate({ url: database.url }))).toMatch(/encoding LATIN1.*encoding 'UTF8'/);
    } finally {
      await database.drop();
    }
  });

  test('because it is read-only', async () => {
    const database = await createTestDatabase();
    try {
      await database.query(
        `alter database ${new URL(database.url).pathname.slice(1)} set default_transaction_read_only = on`,
      );
      expect(await sentenceOf(migrate({ url: database.url }))).toMatch(/is read-only/);
      expect(await sentenceOf(startTestGateway({ DATABASE_URL: database.url }))).toMatch(/is read-only/);
    } finally {
      await database.drop();
    }
  });
});
