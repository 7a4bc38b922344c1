/** `postern users …`: creates and administers users with the authority of the operator. */
import type { Command } from 'commander';
import type { Answer, Terminal } from './terminal.ts';
import { createUser } from './users-create.ts';

export function registerUsers(program: Command, terminal: Terminal, answer: Answer): void {
  const users = program.command('users').description('manage users');
  users
    .command('create')
    .description('create a user; without a password, print an invitation link')
    .requiredOption('--email <address>', 'the address to sign in with')
    .requiredOption('--role <name>', 'such as SUPER_ADMIN or USER')
    .option('--password-stdin', 'read the password from the first line of standard input: the user is active at once')
    .action(async (options: { email: string; role: string; passwordStdin?: boolean }) => {
      answer(await createUser(terminal, options));
    });
}
