/** Settings that name several servers: DATABASE_URL and REDIS_URL. */
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../src/config/config.ts';
import { readRedisUrl } from '../../src/ratelimit/redis-url.ts';

function problemOf(environment: Record<string, string>): string {
  try {
    readConfig(environment);
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.join('\n');
    throw error;
  }
}

describe('DATABASE_URL', () => {
  test.each([
    'postgresql://ada:p%40ss@db1:5432,db2:5432/postern?target_session_attrs=read-write',
    'postgresql://ada:p,ss@db1,[fd00::1]:5432/postern',
  ])('%s is accepted', (url) => {
    expect(problemOf({ DATABASE_URL: url })).toBe('');
  });

  test.each([
    'postgresql://ada@db1,/postern',
    'postgresql://ada@db1:x,db2/postern',
    `postgresql://ada@${Array.from({ length: 9 }, (_, index) => `db${index}`).join(',')}/postern`,
    'postgresql://ada:p/ss@db1,db2/postern',
  ])('%s is refused', (url) => {
    expect(problemOf({ DATABASE_URL: url })).toMatch(/^DATABASE_URL: /);
  });
});

describe('REDIS_URL', () => {
  test('names a server', () => {
    const url = 'rediss://ada:pw@redis.example.com:6380/2';
    expect(readRedisUrl(url)).toEqual({ kind: 'server', url });
  });

  test('names Sentinels and a master', () => {
    expect(readRedisUrl('redis+sentinel://ada:p%40ss@h1,h2:26380,[::1]/my-master/3')).toEqual({
      kind: 'sentinel',
      master: 'my-master',
      database: 3,
      nodes: [
        { host: 'h1', port: 26_379 },
        { host: 'h2', port: 26_380 },
        { host: '::1', port: 26_379 },
      ],
      username: 'ada',
      password: 'p@ss',
      tls: false,
    });
  });

  test('names a cluster', () => {
    expect(readRedisUrl('rediss+cluster://:pw@h1:7000,h2')).toEqual({
      kind: 'cluster',
      nodes: [
        { host: 'h1', port: 7000 },
        { host: 'h2', port: 6379 },
      ],
      username: undefined,
      password: 'pw',
      tls: true,
    });
  });

  test.each([
    ['redis://h1,h2', 'several hosts need'],
    ['redis+sentinel://h1,h2', 'name the master'],
    ['redis+sentinel://h1/a/b/c', 'name the master'],
    ['redis+sentinel://h1/master?family=6', 'remove the parameters'],
    ['redis+cluster://h1,h2/1', 'remove the path'],
    ['redis+cluster://h1,,h2', 'name each server'],
    ['redis+other://h1', 'begins with'],
  ])('%s is refused', (url, hint) => {
    expect(problemOf({ REDIS_URL: url })).toMatch(new RegExp(`^REDIS_URL: .*${hint}`));
  });
});
