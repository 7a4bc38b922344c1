/** The arguments of `postern service-accounts …` and `postern api-keys …`. */
import { type Command, InvalidArgumentError } from 'commander';
import { type Answer, type Terminal, UsageError } from '../terminal.ts';

export function registerServiceAccounts(program: Command, terminal: Terminal): void {
  program
    .command('service-accounts')
    .description('manage identities of programs')
    .command('create')
    .description('create a service account with an API key, and print the key once')
    .requiredOption('--name <name>', 'a name that no other service account has')
    .requiredOption('--role <name>', 'the role, for example USER; not SUPER_ADMIN')
    .requiredOption('--scopes <list>', 'the permissions of the key, separated by commas, for example users:read')
    .option('--days <number>', 'the lifetime of the key; API_KEY_MAX_TTL by default, which is also the most', daysFrom)
    .action(async (options: { name: string; role: string; scopes: string; days?: number }) => {
      const { createServiceAccount } = await import('../service-accounts.ts');
      await createServiceAccount(terminal, options);
    });
}

export function registerApiKeys(program: Command, terminal: Terminal, answer: Answer): void {
  const keys = program.command('api-keys').description('manage API keys of users and service accounts');
  keys
    .command('revoke')
    .description('revoke a key at once, with both of its secrets')
    .argument('<id>', 'the id of the key, as in the audit trail; not the key itself')
    .action(async (id: string) => (await work()).revokeKey(terminal, id));
  keys
    .command('check')
    .description('read a key from the first line of standard input; print why it is refused, or what it may do')
    .allowExcessArguments()
    .action(async (_options: object, { args }: Command) => {
      if (args.length > 0) throw new UsageError(keyAsArgument);
      answer(await (await work()).checkKey(terminal));
    });
}

/** Commander would print the argument. */
const keyAsArgument =
  'write the key to standard input: an argument is visible to other users of the machine. If it was a key, revoke it';

const work = () => import('../api-keys.ts');

function daysFrom(text: string): number {
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (days >= 1) return days;
  throw new InvalidArgumentError('Enter a number of days, at least 1.');
}
