/** `@postern/gateway`: puts Postern in front of a federated graph that Hive Gateway serves. */
export {
  GatewayError,
  type GatewayLogger,
  type Policy,
  type PolicyContext,
  type PosternGatewayOptions,
  type ServeOptions,
} from './options.ts';
export { usePostern } from './plugin.ts';
export { createPosternGateway, type PosternGateway } from './serve.ts';
