/**
 * The Compose files: each setting of the gateway is valid, and the one for high availability has the services that the
 * files beside it name.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig, settingNames } from '../../src/config/config.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'deploy/high-availability');

interface Service {
  image?: string;
  build?: unknown;
  command?: string[];
  env_file?: string;
  environment?: Record<string, string | number>;
  ports?: string[];
  volumes?: string[];
  depends_on?: Record<string, unknown>;
  networks?: { default?: { aliases?: string[] } };
}

const values: Readonly<Record<string, string>> = {
  SECRET: 'nC1k0yYkTn2CVdTqDqX3m3r7ZC1r8VnLZbGmXy0cQ2E=',
  POSTGRES_PASSWORD: 'f3a1c0de5ca1ab1e',
};

/** As Compose does it: `${NAME}`, `${NAME:-default}` and `${NAME:?problem}`, also within a default. */
function interpolate(text: string): string {
  const found = text.replace(
    /\$\{(\w+)(?::-([^{}]*)|:\?[^{}]*)?\}/g,
    (_, name, otherwise) => values[name] ?? otherwise ?? '',
  );
  return found === text ? text : interpolate(found);
}

function servicesOf(file: string): [string, Service][] {
  return Object.entries(parse(interpolate(readFileSync(file, 'utf8')), { merge: true }).services);
}

const files = ['docker-compose.yml', 'deploy/high-availability/compose.yml'];

describe.each(files)('%s', (file) => {
  const services = servicesOf(join(root, file));
  const gateways = services.filter(([name]) => name.startsWith('gateway'));

  test('gives the gateway valid settings', () => {
    expect(gateways.length).toBeGreaterThan(0);
    for (const [, { environment = {} }] of gateways) {
      expect(settingNames).toEqual(expect.arrayContaining(Object.keys(environment)));
      const settings = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)]));
      expect(readConfig(settings).basics.production).toBe(true);
    }
  });

  test('names versions of images and existing files, and publishes no port outside of the machine', () => {
    for (const [, { image, build, volumes = [], ports = [], env_file: envFile = '' }] of services) {
      expect(build ?? image).toBeDefined();
      if (image) expect(image).toMatch(/:v?\d[\w.]*$/);
      const mounted = volumes.filter((volume) => volume.startsWith('.')).map((volume) => volume.split(':')[0] ?? '');
      const needed = [...mounted, ...(envFile.endsWith('/.env') || envFile === '.env' ? [] : [envFile])];
      for (const path of needed)
        expect([path, existsSync(resolve(dirname(join(root, file)), path))]).toEqual([path, true]);
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });

  test('depends on services that exist', () => {
    const names = services.map(([name]) => name);
    for (const [, { depends_on: needs = {} }] of services)
      expect(names).toEqual(expect.arrayContaining(Object.keys(needs)));
  });
});

describe('the services for high availability', () => {
  const services = servicesOf(join(folder, 'compose.yml'));
  const names = services.map(([name]) => name);
  const environmentOf = (name: string) => services.find(([one]) => one === name)?.[1].environment ?? {};
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');

  test.each(['haproxy.cfg', 'nginx.conf', 'prometheus.yml'])('include every host of %s', (file) => {
    const hosts = [...read(file).matchAll(/\b([a-z]+\d):\d+/g)].map(([, host]) => host);
    expect(hosts.length).toBeGreaterThanOrEqual(3);
    expect(names).toEqual(expect.arrayContaining(hosts));
  });

  test('are reached by the gateways through both HAProxy', () => {
    const { DATABASE_URL, REDIS_URL } = environmentOf('gateway1');
    expect([DATABASE_URL, REDIS_URL].map((url) => new URL(String(url)).host)).toEqual(['haproxy:5000', 'haproxy:6379']);
    const aliased = services.filter(([, { networks }]) => networks?.default?.aliases?.includes('haproxy'));
    expect(aliased.map(([name]) => name)).toEqual(['haproxy1', 'haproxy2']);
    const { TRUSTED_PROXIES } = environmentOf('gateway1');
    expect(read('compose.yml')).toContain(`subnet: ${TRUSTED_PROXIES}`);
  });

  test.each(['etcd1', 'etcd2', 'etcd3'])('start %s with the settings of etcd.env and its own addresses', (name) => {
    const own = environmentOf(name);
    const settings = parseEnv(read('etcd.env'));
    expect(Object.keys(settings)).toEqual(expect.arrayContaining(Object.keys(own)));
    expect(own).toMatchObject({ ETCD_NAME: name, ETCD_ADVERTISE_CLIENT_URLS: `http://${name}:2379` });
    expect(own.ETCD_INITIAL_CLUSTER).toContain(`${name}=${own.ETCD_INITIAL_ADVERTISE_PEER_URLS}`);
  });

  test.each(['patroni1', 'patroni2', 'patroni3'])('start %s with the three members of etcd', (name) => {
    expect(environmentOf(name)).toMatchObject({
      PATRONI_NAME: name,
      PATRONI_POSTGRESQL_CONNECT_ADDRESS: `${name}:5432`,
      PATRONI_RESTAPI_CONNECT_ADDRESS: `${name}:8008`,
      PATRONI_ETCD3_HOSTS: 'etcd1:2379,etcd2:2379,etcd3:2379',
    });
  });
});
