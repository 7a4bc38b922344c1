/** The settings of rate limits. */
import { z } from 'zod';
import { type Networks, readNetworks } from '../domain/source.ts';
import { defaultLimits, type Limits } from '../ratelimit/limits.ts';
import type { Basics } from './basics.ts';
import { networks, redisUrl } from './formats/addresses.ts';
import { integer } from './formats/basic.ts';
import { limits } from './formats/protection.ts';

export const limitSettings = {
  REDIS_URL: redisUrl.optional(),
  INSTANCES: integer(1, 1000).optional(),
  RATE_LIMITS: limits.default(defaultLimits),
  RATE_LIMIT_ALLOWLIST: networks.optional(),
};

const schema = z.object(limitSettings);
type Environment = z.infer<typeof schema>;

export interface LimitsConfig {
  /** null: each process counts by itself. */
  redisUrl: string | null;
  /** How many processes share the limits, where one counts alone. */
  instances: number | null;
  limits: Limits;
  /** Networks that are exempt from limits by source. */
  allowlist: Networks;
}

export function limitsConfig(env: Environment, { development }: Basics): LimitsConfig {
  return {
    redisUrl: env.REDIS_URL ?? null,
    instances: env.INSTANCES ?? null,
    limits: env.RATE_LIMITS,
    // A developer's tools call from this machine far more often than a limit by source allows.
    allowlist: readNetworks(env.RATE_LIMIT_ALLOWLIST ?? (development ? ['127.0.0.0/8', '::1/128'] : [])),
  };
}
