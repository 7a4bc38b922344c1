/** `postern users …`: creates and administers users with the authority of the operator. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Answer, Terminal } from '../terminal.ts';
import { type Administered, administer, listUsers, showUser } from './administer.ts';
import { createUser } from './create.ts';

const statuses = ['ACTIVE', 'SUSPENDED', 'INVITED', 'DELETED'] as const;

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
  users
    .command('list')
    .description('list users by e-mail address')
    .option('--email <prefix>', 'only addresses that begin with it')
    .option('--role <name>', 'only users of this role')
    .addOption(new Option('--status <status>', 'only users in this state').choices(statuses))
    .option('--limit <number>', 'at most so many, 1 to 100', limitFrom, 50)
    .option('--after <cursor>', 'continue a list where it ended')
    .option('--json', 'print JSON')
    .action((options) => listUsers(terminal, options));
  users
    .command('show')
    .description('show a user, the second factors and the lock')
    .argument('<user>', 'the e-mail address or the id')
    .option('--json', 'print JSON')
    .action((user: string, options: { json?: boolean }) => showUser(terminal, user, options));

  const change = (name: string, description: string, administered: Administered) =>
    users
      .command(name)
      .description(description)
      .argument('<user>', 'the e-mail address or the id')
      .option('--reason <text>', 'the reason, for the audit trail')
      .option('--json', 'print JSON')
      .action((user: string, options: { reason?: string; json?: boolean }) =>
        administer(terminal, user, options, administered),
      );
  change('unlock', 'lift the locks that wrong passwords and codes caused', (service, caller, it) =>
    service.unlock(caller, it),
  );
  change('reset-mfa', 'remove every second factor and revoke every session', (service, caller, it) =>
    service.resetSecondFactors(caller, it),
  );
  change('revoke-sessions', 'revoke every session', (service, caller, it) => service.revokeSessions(caller, it));
  change('suspend', 'refuse sign-in and revoke every session', (service, caller, it) => service.suspend(caller, it));
  change('reactivate', 'end a suspension', (service, caller, it) => service.reactivate(caller, it));
  users
    .command('set-role')
    .description('give the user another role')
    .argument('<user>', 'the e-mail address or the id')
    .argument('<role>', 'such as ADMIN')
    .option('--reason <text>', 'the reason, for the audit trail')
    .option('--json', 'print JSON')
    .action((user: string, role: string, options: { reason?: string; json?: boolean }) =>
      administer(terminal, user, options, (service, caller, it) => service.setRole(caller, { ...it, role })),
    );
}

function limitFrom(text: string): number {
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= 100) return limit;
  throw new InvalidArgumentError('give a number from 1 to 100.');
}
