/** The arguments of `postern users import`, `export` and `hashes`. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type OriginName, originNames, type SourceName, sourceNames } from '../import-sources/names.ts';
import { type Answer, type Terminal, UsageError } from '../terminal.ts';
import type { ExportOptions } from '../users/export.ts';
import type { ImportOptions } from '../users/import.ts';

type Given = Omit<ImportOptions, 'from'> & { from?: SourceName; forget?: OriginName };

export function registerTransfer(users: Command, terminal: Terminal, answer: Answer): void {
  registerImport(users, terminal, answer);
  users
    .command('export')
    .description('print all users as JSON lines; contains personal data')
    .option('--with-hashes', 'with password hashes, secrets of authenticator apps, passkeys and backup codes')
    .option('--i-understand', 'confirm --with-hashes: every reader of the file can sign in as every user')
    .option('--since <time>', 'only users that were changed or signed in from this time, such as 2026-01-31', timeFrom)
    .action(async (options: ExportOptions) => (await import('../users/export.ts')).exportUsers(terminal, options));
  users
    .command('hashes')
    .description('count password hashes by algorithm')
    .action(async () => (await import('../users/export.ts')).reportHashes(terminal));
}

function registerImport(users: Command, terminal: Terminal, answer: Answer): void {
  users
    .command('import')
    .description('import users of another system with their password hashes (docs/import.md); repeatable')
    .argument('[file]', 'one user a line, as JSON; - reads standard input')
    .addOption(new Option('--from <system>', 'the system that the file comes from').choices(sourceNames))
    .option('--dry-run', 'check every user and change nothing')
    .addOption(
      new Option('--on-conflict <action>', 'for an address that has an account: skip, link (both verified), or fail')
        .choices(['skip', 'link', 'fail'])
        .default('skip'),
    )
    .option('--hash-config <path>', 'the hash parameters of a Firebase project, as JSON')
    .option('--default-role <name>', 'the role of users without one', 'USER')
    .option('--invite', 'mail users without a password a link to choose one')
    .option('--report <path>', 'write a line of JSON for each user')
    .addOption(
      new Option('--forget <system>', 'forget the ids of a system, so that its users can be imported again').choices(
        originNames,
      ),
    )
    .action(async (file: string | undefined, { from, forget, ...options }: Given) => {
      const { forgetImport, importUsers } = await import('../users/import.ts');
      if (forget && !file && !from) return forgetImport(terminal, forget);
      if (forget || !file || !from) throw new UsageError('users import needs --from and a file, or --forget alone');
      return answer(await importUsers(terminal, file, { ...options, from }));
    });
}

function timeFrom(text: string): Date {
  const time = new Date(text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError('Enter a time, for example 2026-01-31 or 2026-01-31T12:00:00Z.');
}
