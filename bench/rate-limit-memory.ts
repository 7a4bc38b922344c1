/**
 * Measures the memory of 100,000 counted identities in the limiter of one process (budget: 50 MB). `node --expose-gc
 * bench/rate-limit-memory.ts`; without the flag, garbage may be counted as well.
 */
import { defaultLimits } from '../src/ratelimit/limits.ts';
import { createRateLimiter } from '../src/ratelimit/rate-limiter.ts';

const identities = 100_000;
const budgetMb = 50;
const mb = (bytes: number) => Math.round((bytes / 1e6) * 10) / 10;

function measure() {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heapUsed, rss };
}

const limiter = createRateLimiter({ limits: defaultLimits, redisUrl: null, instances: null });
const before = measure();
const startedAt = performance.now();
await count(0, identities);
const tookMs = performance.now() - startedAt;
const after = measure();
// Far above the bound: the memory that an attacker with many addresses can cause.
await count(identities, 5 * identities);
const flooded = measure();
await limiter.close();

const heapMb = mb(after.heapUsed - before.heapUsed);
const floodedMb = mb(flooded.heapUsed - before.heapUsed);
process.stdout.write(
  [
    `${identities} identities: heap ${heapMb} MB, resident ${mb(after.rss - before.rss)} MB (budget ${budgetMb} MB)`,
    `${Math.round((after.heapUsed - before.heapUsed) / identities)} bytes each, ${Math.round((tookMs * 1000) / identities)} µs each`,
    `${5 * identities} identities: heap ${floodedMb} MB`,
    '',
  ].join('\n'),
);
process.exitCode = Math.max(heapMb, floodedMb) <= budgetMb ? 0 : 1;

async function count(from: number, to: number): Promise<void> {
  for (let index = from; index < to; index += 1) {
    // As long as the longest counted key: source and account of a sign-in.
    const source = `2001:db8:${(index >> 16).toString(16)}:${(index & 0xffff).toString(16)}::/64`;
    await limiter.consume('login', `${source}|${Buffer.from(`account ${index}`.padEnd(32)).toString('base64url')}`);
  }
}
