/** Hive Gateway as its command line reads it: `npx hive-gateway supergraph` in this folder. */
import { createVerifier } from '@postern/verify';
import { createRouterConfig } from './router-config.ts';

const { POSTERN_URL = 'http://localhost:4000', ROUTER_SECRET } = process.env;
if (!ROUTER_SECRET) throw new Error('ROUTER_SECRET is missing. Set it to the ROUTER_SECRET of Postern.');

export const gatewayConfig = createRouterConfig({
  supergraph: './supergraph.graphql',
  verify: createVerifier({ issuer: POSTERN_URL }),
  routerSecret: ROUTER_SECRET,
});
