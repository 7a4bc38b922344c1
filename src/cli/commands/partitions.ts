/** The arguments of `postern partitions …`. */
import { type Command, InvalidArgumentError } from 'commander';
import type { Terminal } from '../terminal.ts';

const maxAhead = 60;

export function registerPartitions(program: Command, terminal: Terminal): void {
  const partitions = program.command('partitions').description('manage the partitions of large tables');
  partitions
    .command('list')
    .description('show every partition with its time range and its number of rows, which PostgreSQL estimates')
    .action(async () => (await work()).listPartitions(terminal));
  partitions
    .command('create')
    .description('create the missing partitions; the clean-up of the server does this on a schedule')
    .option('--ahead <number>', `partitions beyond the current one, 1 to ${maxAhead}`, aheadFrom, 3)
    .action(async ({ ahead }: { ahead: number }) => (await work()).createPartitions(terminal, ahead));
}

const work = () => import('../partitions.ts');

function aheadFrom(text: string): number {
  const ahead = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (ahead >= 1 && ahead <= maxAhead) return ahead;
  throw new InvalidArgumentError(`Enter a number from 1 to ${maxAhead}.`);
}
