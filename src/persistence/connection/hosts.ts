/**
 * Chooses the server for new connections among several: the first one that answers, or with `read-write` the one that
 * accepts writes. After a failure it asks all of them again, so a failover needs no restart.
 */
import pg, { type ClientConfig } from 'pg';
import { type PrimaryPosition, primaryPosition } from './primary-position.ts';

/** A server without an answer by then counts as down. Shorter than the time for a connection (orm.ts). */
const answerMs = 1000;
/** After the first usable server answered, the others have this time: two may accept writes after a failover. */
const othersMs = 100;

interface Answer extends PrimaryPosition {
  server: ClientConfig;
}

export class Hosts {
  readonly #servers: readonly ClientConfig[];
  readonly #writableOnly: boolean;
  readonly #onMove: () => void;
  #chosen: ClientConfig | null = null;
  /** The last server that was usable. */
  #last: ClientConfig | null = null;
  #choosing: Promise<ClientConfig | null> | null = null;

  /** @param onMove is called when another server is chosen than before: existing connections lead to the former one */
  constructor(servers: readonly ClientConfig[], writableOnly: boolean, onMove: () => void) {
    this.#servers = servers;
    this.#writableOnly = writableOnly;
    this.#onMove = onMove;
  }

  /** @returns null when no server is usable */
  async choose(): Promise<ClientConfig | null> {
    if (this.#chosen) return this.#chosen;
    this.#choosing ??= this.#ask().finally(() => {
      this.#choosing = null;
    });
    return this.#choosing;
  }

  /** Asks all servers, also when one is chosen. */
  async review(): Promise<void> {
    this.forget();
    await this.choose();
  }

  /** The next connection asks all servers. */
  forget(): void {
    this.#chosen = null;
  }

  async #ask(): Promise<ClientConfig | null> {
    const answers: Answer[] = [];
    const usable = Promise.withResolvers<void>();
    const asked = this.#servers.map(async (server) => {
      const answer = { ...(await ask(server)), server };
      answers.push(answer);
      if (this.#isUsable(answer)) usable.resolve();
    });
    const all = Promise.allSettled(asked);
    await Promise.race([all, usable.promise]);
    await Promise.race([all, pause(othersMs)]);
    const best = this.#best(answers)?.server ?? null;
    const moved = best !== null && this.#last !== null && best !== this.#last;
    this.#chosen = best;
    this.#last = best ?? this.#last;
    if (moved) this.#onMove();
    return best;
  }

  #isUsable({ acceptsWrites }: Answer): boolean {
    return acceptsWrites || !this.#writableOnly;
  }

  /** Of two servers that accept writes, the one with the later timeline: the other is a primary that was replaced. */
  #best(answers: readonly Answer[]): Answer | undefined {
    const rank = ({ acceptsWrites, timeline }: Answer) => (acceptsWrites ? (timeline ?? 0) : 0);
    const place = ({ server }: Answer) => this.#servers.indexOf(server);
    return answers
      .filter((answer) => this.#isUsable(answer))
      .sort((a, b) => (this.#writableOnly ? rank(b) - rank(a) : 0) || place(a) - place(b))[0];
  }
}

async function ask(server: ClientConfig): Promise<PrimaryPosition> {
  const client = new pg.Client({ ...server, connectionTimeoutMillis: answerMs, query_timeout: answerMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<PrimaryPosition>(primaryPosition);
    const [row] = rows;
    if (!row) throw new Error('the server gave no position');
    return row;
  } finally {
    void client.end().catch(() => undefined);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
