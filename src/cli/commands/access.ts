/** The arguments of `postern explain`. */
import type { Command } from 'commander';
import type { ExplainOptions } from '../access.ts';
import type { Answer, Terminal } from '../terminal.ts';

export function registerExplain(program: Command, terminal: Terminal, answer: Answer): void {
  program
    .command('explain')
    .description('explain why an operation is allowed or denied to a user; exit code 1 when it is denied')
    .requiredOption('--user <user>', 'the e-mail address or the id')
    .requiredOption('--operation <name>', 'for example suspendUser, Query.users or Viewer.sessions')
    .option('--session <id>', 'a session of the user; without it, as after a sign-in with every factor')
    .option('--target <user>', 'the user that the operation would change')
    .option('--json', 'print JSON')
    .action(async (options: ExplainOptions) => {
      const { explainOperation } = await import('../access.ts');
      answer(await explainOperation(terminal, options));
    });
}
