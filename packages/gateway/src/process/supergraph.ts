/** Reads the supergraph, and follows its changes: a file is watched, an address is polled. */

import { type FSWatcher, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

export interface SupergraphSource {
  /** @throws Error when the source is absent */
  read(): Promise<string>;
  /** Calls back with each change, and with the errors of reading. */
  follow(onChange: (sdl: string) => void, onError: (error: unknown) => void): void;
  close(): void;
}

const pollMs = 10_000;
const answerMs = 5000;
const mostBytes = 20_000_000;
/** An editor writes a file in several steps. */
const settleMs = 50;

export function openSupergraph(place: string): SupergraphSource {
  return /^https?:\/\//.test(place) ? new RemoteSupergraph(place) : new SupergraphFile(place);
}

class SupergraphFile implements SupergraphSource {
  readonly #path: string;
  #watcher: FSWatcher | null = null;
  #timer: NodeJS.Timeout | undefined;
  #last = '';

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<string> {
    this.#last = await readFile(this.#path, 'utf8');
    return this.#last;
  }

  /** Watches the folder: a mounted ConfigMap and most editors replace the file. */
  follow(onChange: (sdl: string) => void, onError: (error: unknown) => void): void {
    const check = async () => {
      const last = this.#last;
      const sdl = await this.read();
      if (sdl !== last) onChange(sdl);
    };
    this.#watcher = watch(dirname(this.#path), (_event, name) => {
      if (name !== null && name !== basename(this.#path) && !name.startsWith('..')) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => check().catch(onError), settleMs);
    });
    this.#watcher.on('error', onError);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#watcher?.close();
  }
}

class RemoteSupergraph implements SupergraphSource {
  readonly #url: string;
  readonly #closed = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #etag: string | null = null;
  #last = '';

  constructor(url: string) {
    this.#url = url;
  }

  async read(): Promise<string> {
    const response = await fetch(this.#url, {
      headers: this.#etag === null ? {} : { 'if-none-match': this.#etag },
      redirect: 'error',
      signal: AbortSignal.any([this.#closed.signal, AbortSignal.timeout(answerMs)]),
    });
    if (response.status === 304) return this.#last;
    if (!response.ok) throw new Error(`the supergraph was answered with ${response.status}`);
    const sdl = await response.text();
    if (sdl.length > mostBytes) throw new Error('the supergraph is too large');
    this.#etag = response.headers.get('etag');
    this.#last = sdl;
    return sdl;
  }

  follow(onChange: (sdl: string) => void, onError: (error: unknown) => void): void {
    const poll = async () => {
      const last = this.#last;
      try {
        const sdl = await this.read();
        if (sdl !== last) onChange(sdl);
      } catch (error) {
        if (!this.#closed.signal.aborted) onError(error);
      }
      if (!this.#closed.signal.aborted) this.follow(onChange, onError);
    };
    this.#timer = setTimeout(poll, pollMs);
    this.#timer.unref();
  }

  close(): void {
    this.#closed.abort();
    clearTimeout(this.#timer);
  }
}
