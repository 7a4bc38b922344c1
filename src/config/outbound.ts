/** The settings of calls to other servers. */
import { z } from 'zod';
import { type OutboundSettings, targetOf } from '../outbound/address-rules.ts';
import { OutboundRefused } from '../outbound/errors.ts';
import type { Basics } from './basics.ts';
import { networks } from './formats/addresses.ts';
import { integer, list } from './formats/basic.ts';

export const outboundSettings = {
  OUTBOUND_ALLOW: networks.optional(),
  OUTBOUND_PORTS: list((text) => integer(1, 65_535).safeParse(text).data ?? null, 'use ports, comma separated').default(
    [],
  ),
};

const schema = z.object(outboundSettings);
type Environment = z.infer<typeof schema>;

/** Outside production the servers of tests and of a developer's machine may be called. */
export function outboundConfig(env: Environment, { production }: Basics): OutboundSettings {
  return {
    allow: env.OUTBOUND_ALLOW ?? (production ? [] : ['127.0.0.0/8', '::1/128']),
    ports: env.OUTBOUND_PORTS,
  };
}

/** @returns what is wrong with a configured address, as far as it is known without resolving its name; null: nothing */
export function outboundProblem(settings: OutboundSettings, url: string): string | null {
  try {
    targetOf(settings, url);
    return null;
  } catch (error) {
    if (error instanceof OutboundRefused) return error.message;
    throw error;
  }
}
