/** Does Redis count for all instances? */
import type { DoctorDeps } from './deps.ts';
import { type Finding, fail, ok, problemsOr, warn } from './finding.ts';

const remedies: Readonly<Record<string, string>> = {
  READONLY: 'set REDIS_URL to the master, or to the port of HAProxy that leads to it',
  OOM: 'raise maxmemory of Redis',
  NOAUTH: 'add the password to REDIS_URL, or correct it',
  WRONGPASS: 'correct the user and the password in REDIS_URL',
  NOPERM: 'give the user of REDIS_URL read and write access to keys postern:*',
};

export async function checkRedis({ redis, production }: DoctorDeps): Promise<Finding[]> {
  if (redis === null) {
    if (!production) return [ok('REDIS_URL is not set: this process counts alone')];
    return [warn('REDIS_URL is not set: each instance counts alone', 'set REDIS_URL when more than one instance runs')];
  }
  const { problem, role, evictionPolicy, isEncrypted, isPrivate } = await redis();
  if (problem !== null)
    return [fail(`stores no count (${problem})`, remedies[problem] ?? 'start Redis, or correct REDIS_URL')];
  return problemsOr(
    [
      evictionPolicy !== null && evictionPolicy !== 'noeviction'
        ? fail(
            `evicts counts (maxmemory-policy ${evictionPolicy}), which lifts limits`,
            'set maxmemory-policy noeviction in the configuration of Redis',
          )
        : null,
      production && !isEncrypted && !isPrivate
        ? warn('is on a public address without TLS', 'use rediss: in REDIS_URL')
        : null,
    ],
    `counts (${role ?? 'role unknown'}, ${evictionPolicy ?? 'eviction policy unknown'})`,
  );
}
