/** The settings of calls to other servers. */
import { z } from 'zod';
import type { OutboundSettings } from '../outbound/address-rules.ts';
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
