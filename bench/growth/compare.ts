/** Measures each operation in both databases in turn, and prints the times, the CPU times and their ratios. */
import { cpuMsOf, cpuMsOfFamily } from '../cost/cpu-time.ts';
import { send } from '../cost/load.ts';
import { quantile } from '../quantile.ts';
import { print } from './commands.ts';
import type { Place } from './place.ts';

const rounds = 5;
/** A slow operation sends fewer requests. */
const roundMs = 1000;

/** Milliseconds: of each request, and the CPU time of all of them. */
interface Figures {
  times: number[];
  cpu: number;
}

/** @param only a part of the names of the operations */
export async function compare(empty: Place, full: Place, postmaster: number, only: string): Promise<void> {
  const names = empty.operations.map(({ name }) => name).filter((name) => name.includes(only));
  line(['', 'empty ms', 'full ms', 'ratio', 'empty CPU', 'full CPU', 'ratio']);
  for (const name of names) {
    const [few, many] = await measure(name, [empty, full], postmaster);
    if (!few || !many) continue;
    const times = [quantile(few.times, 0.5), quantile(many.times, 0.5)] as const;
    const cpu = [few.cpu / few.times.length, many.cpu / many.times.length] as const;
    line([name, ...figures(times), ...figures(cpu)]);
  }
}

/** The first round warms up: V8 compiles, PostgreSQL plans and reads pages. */
async function measure(name: string, places: readonly Place[], postmaster: number): Promise<Figures[]> {
  const all = places.map((): Figures => ({ times: [], cpu: 0 }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, place] of places.entries()) {
      const { times, cpu } = await measureRound(name, place, postmaster);
      const sum = all[index];
      if (round === 0 || !sum) continue;
      sum.times.push(...times);
      sum.cpu += cpu;
    }
  }
  return all;
}

async function measureRound(name: string, { gateway, operations }: Place, postmaster: number): Promise<Figures> {
  const operation = operations.find((other) => other.name === name);
  if (!operation) throw new Error(`there is no operation ${name}`);
  const readCpu = async () => (await cpuMsOf(gateway.pid)) + (await cpuMsOfFamily(postmaster));
  const before = await readCpu();
  const times: number[] = [];
  const end = performance.now() + roundMs;
  while (times.length < operation.requests && performance.now() < end) {
    times.push(...(await send(gateway.url, [operation], Math.min(operation.requests, 10))));
  }
  return { times, cpu: (await readCpu()) - before };
}

function figures([before, after]: readonly [number, number]): string[] {
  return [before.toFixed(2), after.toFixed(2), (after / before).toFixed(2)];
}

function line(cells: readonly string[]): void {
  const padded = cells.map((cell, column) => cell.padEnd(column === 0 ? 34 : 11));
  print(padded.join('').trimEnd());
}
