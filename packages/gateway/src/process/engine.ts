/** Loads Hive Gateway, which the operator installs: most installations of Postern have no federated graph. */
import type { GatewayConfigSupergraph, GatewayRuntime } from '@graphql-hive/gateway-runtime';
import { GatewayError, type ServeOptions } from '../options.ts';

type Config = GatewayConfigSupergraph;

export interface Engine {
  createRuntime(config: Config): GatewayRuntime;
  unifiedGraphHandler: Config['unifiedGraphHandler'];
}

/** @throws GatewayError `ENGINE_MISSING` */
export async function loadEngine(planner: ServeOptions['planner']): Promise<Engine> {
  const runtime = await import('@graphql-hive/gateway-runtime').catch(missing('@graphql-hive/gateway-runtime'));
  const native = planner === 'javascript' ? null : import('@graphql-hive/router-runtime');
  const router = await (planner === 'native'
    ? native?.catch(missing('@graphql-hive/router-runtime'))
    : native?.catch(() => null));
  return { createRuntime: runtime.createGatewayRuntime, unifiedGraphHandler: router?.unifiedGraphHandler };
}

function missing(name: string) {
  return (cause: unknown): never => {
    const message = `The gateway needs the package ${name}. Run: npm install @graphql-hive/gateway-runtime @graphql-hive/router-runtime`;
    throw new GatewayError('ENGINE_MISSING', message, { cause });
  };
}
