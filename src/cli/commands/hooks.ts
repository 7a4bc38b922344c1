/** The arguments of `postern hooks …`. */
import type { Command } from 'commander';
import type { Answer, Terminal } from '../terminal.ts';

export function registerHooks(program: Command, terminal: Terminal, answer: Answer): void {
  program
    .command('hooks')
    .description('test the hooks of HOOKS')
    .command('check')
    .description('call each hook with a sample that is marked "dryRun": true; exit 1 when one fails')
    .action(async () => answer(await (await import('../hooks.ts')).runHooksCheck(terminal)));
}
