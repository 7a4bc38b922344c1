/** The arguments of `postern users …`. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Answer, Terminal } from '../terminal.ts';
import type { Change } from '../users/administer.ts';
import { registerTransfer } from './user-transfer.ts';

const statuses = ['ACTIVE', 'SUSPENDED', 'INVITED', 'DELETED'] as const;

export function registerUsers(program: Command, terminal: Terminal, answer: Answer): void {
  const users = program.command('users').description('manage users');
  registerCreate(users, terminal, answer);
  registerList(users, terminal);
  registerShow(users, terminal);
  registerChanges(users, terminal);
  registerSetRole(users, terminal);
  registerTransfer(users, terminal, answer);
}

function registerCreate(users: Command, terminal: Terminal, answer: Answer): void {
  users
    .command('create')
    .description('create a user; without a password, print an invitation link')
    .requiredOption('--email <address>', 'the e-mail address to sign in with')
    .requiredOption('--role <name>', 'the role, for example SUPER_ADMIN or USER')
    .option(
      '--password-stdin',
      'read the password from the first line of standard input; the user is then active at once',
    )
    .action(async (options: { email: string; role: string; passwordStdin?: boolean }) => {
      const { createUser } = await import('../users/create.ts');
      answer(await createUser(terminal, options));
    });
}

function registerList(users: Command, terminal: Terminal): void {
  users
    .command('list')
    .description('list users by e-mail address')
    .option('--email <prefix>', 'only addresses with this prefix')
    .option('--role <name>', 'only users of this role')
    .addOption(new Option('--status <status>', 'only users in this state').choices(statuses))
    .option('--limit <number>', 'the number of users, 1 to 100', limitFrom, 50)
    .option('--after <cursor>', 'continue after this cursor')
    .option('--json', 'print JSON')
    .action(async (options) => (await work()).listUsers(terminal, options));
}

function registerShow(users: Command, terminal: Terminal): void {
  users
    .command('show')
    .description('show a user with second factors and lockout')
    .argument('<user>', 'the e-mail address or the id')
    .option('--json', 'print JSON')
    .action(async (user: string, options: { json?: boolean }) => (await work()).showUser(terminal, user, options));
}

function registerChanges(users: Command, terminal: Terminal): void {
  const change = (name: Change, description: string) =>
    users
      .command(name)
      .description(description)
      .argument('<user>', 'the e-mail address or the id')
      .option('--reason <text>', 'the reason, for the audit trail')
      .option('--json', 'print JSON')
      .action(async (user: string, options: { reason?: string; json?: boolean }) =>
        (await work()).changeUser(terminal, user, options, name),
      );
  change('unlock', 'remove the lockout that failed attempts caused');
  change('reset-mfa', 'remove every second factor and revoke every session');
  change('revoke-sessions', 'revoke every session');
  change('suspend', 'block sign-in and revoke every session');
  change('reactivate', 'end a suspension');
}

function registerSetRole(users: Command, terminal: Terminal): void {
  users
    .command('set-role')
    .description('change the role of a user')
    .argument('<user>', 'the e-mail address or the id')
    .argument('<role>', 'the role, for example ADMIN')
    .option('--reason <text>', 'the reason, for the audit trail')
    .option('--json', 'print JSON')
    .action(async (user: string, role: string, options: { reason?: string; json?: boolean }) =>
      (await work()).setRole(terminal, user, options, role),
    );
}

const work = () => import('../users/administer.ts');

function limitFrom(text: string): number {
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= 100) return limit;
  throw new InvalidArgumentError('Enter a number from 1 to 100.');
}
