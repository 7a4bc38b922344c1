/** The runtimes of the supergraph: a new one is built beside the old one, which finishes its requests. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GatewayPlugin, GatewayRuntime } from '@graphql-hive/gateway-runtime';
import { parse } from 'graphql';
import { requirementsOf } from '../authorization/directives.ts';
import { GatewayError, type Policy } from '../options.ts';
import type { Engine } from './engine.ts';

export interface GenerationOptions {
  engine: Engine;
  plugins: readonly GatewayPlugin[];
  policies: Readonly<Record<string, Policy>>;
  introspection: boolean;
}

interface Generation {
  runtime: GatewayRuntime;
  running: number;
  isReplaced: boolean;
}

/** A stream lives as long as its access token: an old runtime ends its streams after this time. */
const longestDrainMs = 60_000;

export class Generations {
  readonly #options: GenerationOptions;
  #current: Generation | null = null;

  constructor(options: GenerationOptions) {
    this.#options = options;
  }

  get isLoaded(): boolean {
    return this.#current !== null;
  }

  /** @throws GatewayError when the supergraph does not parse, or names a policy without a function */
  async load(sdl: string): Promise<void> {
    const runtime = await this.#build(sdl);
    const replaced = this.#current;
    this.#current = { runtime, running: 0, isReplaced: false };
    if (replaced) this.#retire(replaced);
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const generation = this.#current;
    if (!generation) throw new Error('no supergraph is loaded');
    generation.running += 1;
    response.once('close', () => {
      generation.running -= 1;
      if (generation.isReplaced && generation.running === 0) void this.#dispose(generation);
    });
    void generation.runtime(request, response);
  }

  async close(): Promise<void> {
    const last = this.#current;
    this.#current = null;
    if (last) await this.#dispose(last);
  }

  #retire(generation: Generation): void {
    generation.isReplaced = true;
    if (generation.running === 0) void this.#dispose(generation);
    else setTimeout(() => this.#dispose(generation), longestDrainMs).unref();
  }

  async #dispose({ runtime }: Generation): Promise<void> {
    await runtime.dispose();
  }

  async #build(sdl: string): Promise<GatewayRuntime> {
    const { engine, plugins, policies, introspection } = this.#options;
    const unreadable = (cause: unknown): never => {
      const detail = cause instanceof Error ? cause.message : String(cause);
      throw new GatewayError('SUPERGRAPH_UNREADABLE', `The supergraph cannot be read: ${detail}`, { cause });
    };
    let runtime: GatewayRuntime;
    try {
      // The engine accepts text that is not GraphQL until the first request.
      parse(sdl, { noLocation: true });
      runtime = engine.createRuntime({
        supergraph: sdl,
        ...(engine.unifiedGraphHandler && { unifiedGraphHandler: engine.unifiedGraphHandler }),
        plugins: () => [...plugins],
        logging: false,
        graphiql: false,
        landingPage: false,
        batching: false,
        multipart: false,
        cors: false,
        csrfPrevention: {
          requestHeaders: ['x-apollo-operation-name', 'apollo-require-preflight', 'x-graphql-yoga-csrf'],
        },
        subgraphErrors: false,
        inboundInflightRequestDeduplication: true,
        ...(!introspection && { disableIntrospection: {} }),
      });
    } catch (cause) {
      return unreadable(cause);
    }
    try {
      const schema = await Promise.resolve(runtime.getSchema()).catch(unreadable);
      const missing = [...requirementsOf(schema).policies].filter((name) => !Object.hasOwn(policies, name));
      if (missing.length > 0) {
        const names = missing.map((name) => `"${name}"`).join(', ');
        throw new GatewayError('POLICY_MISSING', `The supergraph names policies without a function: ${names}.`);
      }
      return runtime;
    } catch (error) {
      await runtime.dispose();
      throw error;
    }
  }
}
