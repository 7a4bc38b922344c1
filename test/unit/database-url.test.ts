/** The meaning of each parameter of DATABASE_URL, and the refused ones. */
import { describe, expect, test } from 'vitest';
import {
  type DatabaseSettings,
  DatabaseUrlError,
  readDatabaseUrl,
} from '../../src/persistence/connection/database-url.ts';

const base = 'postgres://ada:pw@db.example.com:5433/postern';
const read = (query: string, settings: Partial<DatabaseSettings> = {}) =>
  readDatabaseUrl({ url: `${base}${query}`, ...settings });

function problemsOf(query: string, settings: Partial<DatabaseSettings> = {}): readonly string[] {
  try {
    read(query, settings);
    return [];
  } catch (error) {
    if (error instanceof DatabaseUrlError) return error.problems;
    throw error;
  }
}

describe('the address', () => {
  test('is read as host, port, role, password and database, decoded', () => {
    const { client } = readDatabaseUrl({ url: 'postgresql://a%40b:p%25%2F%23@db:5433/my%23db' });
    expect(client).toMatchObject({ host: 'db', port: 5433, user: 'a@b', password: 'p%/#', database: 'my#db' });
  });

  test('accepts a space in a password', () => {
    const { client } = readDatabaseUrl({ url: 'postgres://ada:p w%2F@db/postern' });
    expect(client.password).toBe('p w/');
  });

  test('reads a Unix socket from host', () => {
    const target = readDatabaseUrl({ url: 'postgres:///postern?user=ada&host=/var/run/postgresql' });
    expect(target).toMatchObject({ client: { host: '/var/run/postgresql', ssl: false }, isLoopback: true });
  });

  test.each([
    ['localhost', true],
    ['127.0.0.2', true],
    ['[::1]', true],
    ['10.0.0.1', false],
    ['db.example.com', false],
  ])('at %s is loopback: %s', (host, isLoopback) => {
    expect(readDatabaseUrl({ url: `postgres://ada@${host}/postern` }).isLoopback).toBe(isLoopback);
  });
});

describe('sslmode', () => {
  const sslOf = (query: string, settings: Partial<DatabaseSettings> = {}) => read(query, settings).client.ssl;

  test('means what it means to libpq', () => {
    expect(sslOf('')).toBe(false);
    expect(sslOf('?sslmode=disable')).toBe(false);
    expect(sslOf('?sslmode=require')).toEqual({ rejectUnauthorized: false });
    expect(sslOf('?sslmode=verify-full')).toEqual({});
    expect(sslOf('?sslnegotiation=direct')).toEqual({});
    expect(sslOf('?ssl=true')).toEqual({});
    expect(sslOf('?sslmode=verify-full&sslrootcert=system')).toEqual({});
  });

  test('verifies the certificate against an address when the host is one', () => {
    expect(readDatabaseUrl({ url: 'postgres://ada@10.0.0.1/db?sslmode=verify-full' }).client.ssl).toEqual({
      host: '10.0.0.1',
    });
  });

  test('comes from PGSSLMODE when the URL has none', () => {
    expect(sslOf('', { sslMode: 'require' })).toEqual({ rejectUnauthorized: false });
    expect(sslOf('?sslmode=disable', { sslMode: 'require' })).toBe(false);
  });

  test.each([
    ['?sslmode=prefer', 'sslmode'],
    ['?sslmode=allow', 'sslmode'],
    ['?sslmode=Require', 'sslmode'],
    ['?sslmode=', 'sslmode'],
    ['?sslmode=verify-ca', 'sslmode'],
    ['?sslmode=require&ssl=true', 'ssl'],
    ['?sslmode=disable&sslrootcert=system', 'sslmode'],
    ['?sslmode=require&sslrootcert=system', 'sslrootcert'],
    ['?sslmode=verify-full&sslrootcert=/nowhere/ca.pem', 'sslrootcert'],
    ['?sslmode=verify-full&sslcert=/nowhere/client.pem', 'sslcert'],
    ['?host=/var/run/postgresql&sslmode=require', 'sslmode'],
  ])('%s is refused', (query, name) => {
    expect(problemsOf(query)[0]).toMatch(new RegExp(`^${name}: `));
  });
});

describe('other parameters', () => {
  test('are applied', () => {
    const { client, schema, writableOnly } = read(
      '?application_name=shop&connect_timeout=7&keepalives_idle=30&options=-c%20work_mem%3D8MB&schema=auth' +
        '&target_session_attrs=read-write&channel_binding=prefer&client_encoding=UTF8&port=6000',
    );
    expect(client).toMatchObject({
      application_name: 'shop',
      connectionTimeoutMillis: 7000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 30_000,
      options: '-c work_mem=8MB',
      enableChannelBinding: true,
      port: 6000,
    });
    expect({ schema, writableOnly }).toEqual({ schema: 'auth', writableOnly: true });
  });

  test.each([
    ['?sslcrl=/x', 'sslcrl'],
    ['?pgbouncer=true', 'pgbouncer'],
    ['?statement_timeout=0', 'statement_timeout'],
    ['?query_timeout=0', 'query_timeout'],
    ['?hostaddr=10.0.0.1', 'hostaddr'],
    ['?passfile=/x', 'passfile'],
    ['?connect_timeout=0', 'connect_timeout'],
    ['?connect_timeout=soon', 'connect_timeout'],
    ['?client_encoding=LATIN1', 'client_encoding'],
    ['?channel_binding=require', 'channel_binding'],
    ['?target_session_attrs=standby', 'target_session_attrs'],
    ['?schema=auth,public', 'schema'],
    ['?schema=pg_catalog', 'schema'],
    ['?host=a,b', 'host'],
    ['?port=70000', 'port'],
    ['?options=-c%20statement_timeout%3D0', 'options'],
    ['?options=--DateStyle%3DGerman', 'options'],
    ['?options=-c%20log_parameter_max_length_on_error%3D-1', 'options'],
    ['?options=-c%20search_path%3Dother', 'options'],
    ['?options=--search-path%3Dother', 'options'],
    ['?application_name=a&application_name=b', 'application_name'],
    ['?constructor=x', 'constructor'],
    ['?SSLMODE=require', 'SSLMODE'],
  ])('%s is refused by name', (query, name) => {
    expect(problemsOf(query)).toEqual([expect.stringMatching(new RegExp(`^${name}: `))]);
  });

  test('every problem is reported at once', () => {
    expect(problemsOf('?foo=1&bar=2').length).toBe(2);
  });

  test('a malformed parameter name is not shown', () => {
    expect(problemsOf('?p%40ss=1').join()).not.toContain('p@ss');
  });

  test.each(['?options=-c%20work_mem%3D8MB', '?schema=auth'])('%s is refused behind a transaction pooler', (query) => {
    expect(problemsOf(query, { pooler: 'transaction' })).toEqual([expect.stringContaining('ALTER ROLE')]);
  });
});

describe('several servers', () => {
  test('are read with the credentials, the database and the parameters of one URL', () => {
    const target = readDatabaseUrl({
      url: 'postgresql://ada:s%40fe@db1:5433,db2,[::1]:5434/shop?target_session_attrs=read-write&sslmode=verify-full',
    });
    expect(target.servers.map(({ host, port }) => [host, port])).toEqual([
      ['db1', 5433],
      ['db2', undefined],
      ['::1', 5434],
    ]);
    for (const server of target.servers) {
      expect(server).toMatchObject({ user: 'ada', password: 's@fe', database: 'shop' });
      expect(server.ssl).toEqual(server.host === '::1' ? { host: '::1' } : {});
    }
    expect(target).toMatchObject({ writableOnly: true, isLoopback: false });
  });

  test.each(['host', 'port'])('are refused beside the parameter %s', (name) => {
    expect(() => readDatabaseUrl({ url: `postgresql://ada@db1,db2/shop?${name}=1` })).toThrow(`${name}: remove it`);
  });
});
