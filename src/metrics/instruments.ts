/** Creates the instruments of the other files: names begin with `postern_`, names of counters end with `_total`. */
import { Counter, Gauge, type Registry } from 'prom-client';

export function createCounter<Label extends string = never>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: Label[] = [],
): Counter<Label> {
  return new Counter({ name: `postern_${name}_total`, help, labelNames, registers: [registry] });
}

/** @param read the value of each state; it is called at each scrape */
export function watchStates<State extends string>(
  registry: Registry,
  name: string,
  help: string,
  read: () => Readonly<Record<State, number>>,
): void {
  new Gauge({
    name: `postern_${name}`,
    help,
    labelNames: ['state'] as const,
    registers: [registry],
    collect() {
      for (const [state, value] of Object.entries<number>(read())) this.set({ state }, value);
    },
  });
}
