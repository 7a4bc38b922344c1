/** Switches TLS on in the PostgreSQL of the test run, with its own CA. Connections without TLS stay possible. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { inject } from 'vitest';
import { until } from '../races/until.ts';

const openssl = promisify(execFile);

export interface Certificates {
  /** The path of the CA that signed the server's certificate. */
  ca: string;
  /** The path of another CA. */
  otherCa: string;
  remove(): Promise<void>;
}

/** @param names of the server's certificate, for example `DNS:localhost` */
export async function switchOnTls(names: string): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-tls-'));
  const file = (name: string) => join(folder, name);
  const make = (name: string, subject: string, ...options: string[]) =>
    openssl('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-keyout', file(`${name}.key`), '-out', file(`${name}.pem`), '-subj', `/CN=${subject}`, ...options],
    ]);
  await make('ca', 'Postern test CA');
  await make('other', 'Another CA');
  const signed = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-addext', `subjectAltName=${names}`];
  await make('server', 'postgres', ...signed, '-addext', 'basicConstraints=critical,CA:FALSE');
  await asSuperuser(async (query) => {
    await query(`alter system set ssl_cert_file = '${file('server.pem')}'`);
    await query(`alter system set ssl_key_file = '${file('server.key')}'`);
    await query('alter system set ssl = on');
    await query('select pg_reload_conf()');
  });
  await until('PostgreSQL offers TLS', async () => (await setting('ssl')) === 'on');
  return {
    ca: file('ca.pem'),
    otherCa: file('other.pem'),
    async remove() {
      await asSuperuser(async (query) => {
        for (const name of ['ssl', 'ssl_cert_file', 'ssl_key_file']) await query(`alter system reset ${name}`);
        await query('select pg_reload_conf()');
      });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function setting(name: string): Promise<unknown> {
  let value: unknown;
  await asSuperuser(async (query) => {
    const { rows } = await query(`show ${name}`);
    value = rows[0]?.[name];
  });
  return value;
}

/** The embedded PostgreSQL's superuser has the password of `postern`. */
export async function asSuperuser(
  work: (query: (text: string) => Promise<pg.QueryResult>) => Promise<void>,
): Promise<void> {
  const url = new URL(inject('templateUrl'));
  url.username = 'postgres';
  url.pathname = '/postgres';
  const client = new pg.Client(url.href);
  await client.connect();
  try {
    await work((text) => client.query(text));
  } finally {
    await client.end();
  }
}
