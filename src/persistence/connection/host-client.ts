/** A client of `pg`, which takes one address, that connects to the server that hosts.ts chooses. */
import { Client, type ClientConfig } from 'pg';
import type { Hosts } from './hosts.ts';

/** @returns the class for the option `Client` of a pool whose other options are those of the first server */
export function hostClient(hosts: Hosts): new (config?: ClientConfig) => Client {
  return class extends Client {
    /** `pg` reads it when the connection begins. */
    readonly #tls: { host?: string | undefined };

    constructor(config: ClientConfig = {}) {
      // The pool hides the private key from copies.
      const tls = typeof config.ssl === 'object' ? { ...config.ssl, key: config.ssl.key } : null;
      super(tls ? { ...config, ssl: tls } : config);
      this.#tls = tls ?? {};
    }

    override connect(): Promise<Client>;
    override connect(callback: (error: Error | null) => void): void;
    override connect(callback?: (error: Error | null) => void): Promise<Client> | undefined {
      const connected = this.#connect();
      if (!callback) return connected;
      connected.then(() => callback(null), callback);
      return undefined;
    }

    async #connect(): Promise<Client> {
      const server = await hosts.choose();
      // Without a usable server, the first one gives the error.
      this.host = server?.host ?? this.host;
      this.port = server?.port ?? this.port;
      this.#tls.host = this.host;
      try {
        return await super.connect();
      } catch (error) {
        hosts.forget();
        throw error;
      }
    }
  };
}
