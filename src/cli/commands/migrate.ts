/** The arguments of `postern migrate`. */
import type { Command } from 'commander';
import type { Answer, Terminal } from '../terminal.ts';

export function registerMigrate(program: Command, terminal: Terminal, answer: Answer): void {
  program
    .command('migrate')
    .description('apply pending migrations, each in its own transaction')
    .option('--check', 'only report; exit 1 when a migration is pending')
    .option('--plan', 'only report the pending migrations with their locks; exit 1 when a migration is pending')
    .action(async (options: { check?: boolean; plan?: boolean }) => {
      const { checkMigrations, printPlan, runMigrations } = await import('../migrate.ts');
      if (options.plan) return answer(await printPlan(terminal));
      answer(options.check ? await checkMigrations(terminal) : await runMigrations(terminal));
    });
}
