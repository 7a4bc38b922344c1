/** The arguments of `postern cleanup`. */
import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';

export function registerCleanUp(program: Command, terminal: Terminal): void {
  program
    .command('cleanup')
    .description('delete expired rows once; the server does this on a schedule')
    .action(async () => {
      const { runCleanUp } = await import('../cleanup.ts');
      await runCleanUp(terminal);
    });
}
