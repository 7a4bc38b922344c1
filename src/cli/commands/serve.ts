/** The arguments of `postern serve`. */
import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';

export function registerServe(program: Command, terminal: Terminal): void {
  program
    .command('serve')
    .description('start the gateway; applies pending migrations first')
    .option('--no-migrate', 'do not change the schema')
    .action(async (options: { migrate: boolean }) => {
      const { serve } = await import('../serve.ts');
      await serve(terminal, options.migrate);
    });
}
