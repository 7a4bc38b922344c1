/** Hive Gateway inside a Node process. Its command line uses gateway.config.ts instead. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import type { Verifier } from '@postern/verify';
import { createRouterConfig } from './router-config.ts';

export interface RouterOptions {
  supergraphSdl: string;
  verify: Verifier;
  routerSecret: string;
  port: number;
}

export async function startRouter({ supergraphSdl, verify, routerSecret, port }: RouterOptions) {
  const runtime = createGatewayRuntime(createRouterConfig({ supergraph: supergraphSdl, verify, routerSecret }));
  const server = createServer(runtime).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : port}/graphql`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await runtime[Symbol.asyncDispose]();
    },
  };
}
