/** The programs of the distribution that tests start, and the packages that contain them. */
import type { Wanted } from './debian-package.ts';

function program(name: string, packages: string[], paths: string[], options: Partial<Wanted> = {}): Wanted {
  return {
    name,
    packages,
    paths,
    commands: paths.map((path) => path.replace(/^.*\//, '')),
    parts: new RegExp(`^${name}`),
    versionFlag: '--version',
    advice: `the tests need ${packages.join(' or ')}: install it`,
    ...options,
  };
}

export const haproxy = program('haproxy', ['haproxy'], ['usr/sbin/haproxy'], { versionFlag: '-v' });

/** With its auth_request module. */
export const nginx = program('nginx', ['nginx-light', 'nginx-core', 'nginx'], ['usr/sbin/nginx'], {
  versionFlag: '-v',
});

export const pgbouncer = program('pgbouncer', ['pgbouncer'], ['usr/sbin/pgbouncer']);

export const redis = program(
  'redis',
  ['redis-server', 'valkey-server'],
  ['usr/bin/redis-server', 'usr/bin/valkey-server'],
  { parts: /^(lua|redis|valkey)-/ },
);

export const etcd = program('etcd', ['etcd-server'], ['usr/bin/etcd']);

/** Of the stores that Patroni supports, its package chooses another one. */
export const patroni = program('patroni', ['patroni'], ['usr/bin/patroni'], {
  parts: /^python3-/,
  additions: ['python3-etcd'],
});

export const promtool = program('prometheus', ['prometheus'], ['usr/bin/promtool']);

export const prometheus = program('prometheus', ['prometheus'], ['usr/bin/prometheus']);

export const alertmanager = program(
  'prometheus-alertmanager',
  ['prometheus-alertmanager'],
  ['usr/bin/prometheus-alertmanager'],
);
