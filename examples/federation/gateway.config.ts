/** Postern in an existing Hive Gateway: `npx hive-gateway supergraph` in this folder. */
import type { GatewayConfigSupergraph } from '@graphql-hive/gateway-runtime';
import { usePostern } from '@postern/gateway';

const { POSTERN_URL = 'http://localhost:4000', ROUTER_SECRET } = process.env;
if (!ROUTER_SECRET) throw new Error('ROUTER_SECRET is missing. Set it to the ROUTER_SECRET of Postern.');
const routerSecret = ROUTER_SECRET;

export const gatewayConfig: GatewayConfigSupergraph = {
  supergraph: './supergraph.graphql',
  plugins: () => [usePostern({ issuer: POSTERN_URL, routerSecret })],
};
