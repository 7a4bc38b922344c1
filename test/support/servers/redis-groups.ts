/** Several real Redis servers: a master and a replica under three Sentinels, and a cluster of three masters. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { until } from '../races/until.ts';
import { type RedisServer, startRedisServer, startSentinel } from './redis-server.ts';

export interface SentinelGroup {
  /** REDIS_URL. */
  url: string;
  master: RedisServer;
  replica: RedisServer;
  /** The port of the server that the Sentinels call the master. */
  masterPort(): Promise<number>;
  /** Makes the replica the master, with all counts so far. @returns when the former master is its replica */
  failOver(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSentinelGroup(): Promise<SentinelGroup> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-sentinel-'));
  const master = await startRedisServer();
  const port = portOf(master);
  const replica = await startRedisServer(['--replicaof', '127.0.0.1', `${port}`]);
  const sentinels: RedisServer[] = [];
  for (const name of ['one', 'two', 'three']) {
    const file = join(folder, name);
    await writeFile(
      file,
      `bind 127.0.0.1
dir ${folder}
sentinel monitor postern 127.0.0.1 ${port} 2
sentinel down-after-milliseconds postern 500
sentinel failover-timeout postern 2000
`,
    );
    sentinels.push(await startSentinel(file));
  }
  const ask = <T>(work: (sentinel: Redis) => Promise<T>) => withRedis(sentinels[0]?.url ?? '', work);
  await until('the Sentinels know each other and the replica', async () => {
    const info = await ask((sentinel) => sentinel.info('sentinel'));
    return /slaves=1,sentinels=3/.test(info);
  });
  return {
    url: `redis+sentinel://${sentinels.map(addressOf).join(',')}/postern`,
    master,
    replica,
    masterPort: async () => {
      const answer = await ask((sentinel) => sentinel.call('sentinel', 'get-master-addr-by-name', 'postern'));
      return Array.isArray(answer) ? Number(answer[1]) : 0;
    },
    async failOver() {
      await withRedis(master.url, async (former) => {
        await former.set('last', 'write');
        await former.wait(1, 5000);
        await ask((sentinel) => sentinel.call('sentinel', 'failover', 'postern'));
        // Sentinels tell the former master some seconds after the promotion.
        const isReplica = async () => /role:slave/.test(await former.info('replication'));
        await until('the former master is a replica', isReplica, 30_000);
      });
    },
    async stop() {
      for (const server of [...sentinels, replica, master]) await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface RedisCluster {
  url: string;
  /** Begins to move the slot of this key to another master, and moves the key: its old master answers ASK. */
  beginMove(key: string): Promise<{ finish(): Promise<void> }>;
  /** All keys. */
  keys(): Promise<string[]>;
  stop(): Promise<void>;
}

const slots = 16_384;

export async function startRedisCluster(): Promise<RedisCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-cluster-'));
  const servers: RedisServer[] = [];
  for (const name of ['one', 'two', 'three']) {
    const file = join(folder, name);
    servers.push(await startRedisServer(['--cluster-enabled', 'yes', '--cluster-config-file', file]));
  }
  const share = Math.ceil(slots / servers.length);
  for (const [index, { url }] of servers.entries()) {
    const range = [index * share, Math.min((index + 1) * share, slots) - 1];
    await withRedis(url, async (node) => {
      await node.call('cluster', 'addslotsrange', ...range);
      for (const other of servers) await node.call('cluster', 'meet', '127.0.0.1', portOf(other));
    });
  }
  for (const { url } of servers) {
    await until('the cluster is complete', () =>
      withRedis(url, async (node) =>
        /cluster_state:ok[\s\S]*cluster_known_nodes:3/.test(String(await node.call('cluster', 'info'))),
      ),
    );
  }
  const nodes = await Promise.all(
    servers.map(async ({ url }) => ({ url, id: String(await withRedis(url, (node) => node.call('cluster', 'myid'))) })),
  );
  const keysAt = (url: string) => withRedis(url, (node) => node.keys('*'));
  return {
    url: `redis+cluster://${servers.map(addressOf).join(',')}`,
    keys: async () => (await Promise.all(nodes.map(({ url }) => keysAt(url)))).flat(),
    async beginMove(key) {
      const places = await Promise.all(
        nodes.map(async (node) => ({ node, has: (await keysAt(node.url)).includes(key) })),
      );
      const from = places.find(({ has }) => has)?.node;
      const to = places.find(({ has }) => !has)?.node;
      if (!from || !to) throw new Error(`no node has the key ${key}`);
      const slot = await withRedis(from.url, (node) => node.call('cluster', 'keyslot', key));
      const set = (url: string, ...state: string[]) =>
        withRedis(url, (node) => node.call('cluster', 'setslot', Number(slot), ...state));
      await set(to.url, 'importing', from.id);
      await set(from.url, 'migrating', to.id);
      const { hostname, port } = new URL(to.url);
      await withRedis(from.url, (node) => node.call('migrate', hostname, port, key, 0, 1000));
      return {
        async finish() {
          await set(to.url, 'node', to.id);
          await set(from.url, 'node', to.id);
        },
      };
    },
    async stop() {
      for (const server of servers) await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { maxRetriesPerRequest: 0 });
  redis.on('error', () => undefined);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

function addressOf({ url }: RedisServer): string {
  return new URL(url).host;
}

function portOf({ url }: RedisServer): number {
  return Number(new URL(url).port);
}
