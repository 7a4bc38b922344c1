/** The operator's door: the same domain services, from a terminal. Exit codes: 0 done, 1 the answer is no, 2 wrong usage or configuration. */
import { createInterface } from 'node:readline';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { createApp } from './app/app.ts';
import { startGateway } from './app/server.ts';
import {
  exportAudit,
  printAuditCheckpoint,
  printAuditKey,
  UsageError,
  verifyAudit,
  verifyAuditFile,
} from './cli-audit.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { cleanUp } from './domain/clean-up.ts';
import { Refusal } from './domain/errors.ts';
import { explain } from './explain.ts';
import { printPermissions } from './graphql/permissions/permission-table.ts';
import { printSdl, printSubgraph } from './graphql/sdl.ts';
import { migrate } from './persistence/migrate.ts';

const exitCodes = { done: 0, no: 1, usage: 2 } as const;

export interface Terminal {
  out(text: string): void;
  /** As it is, and resolved when there is room for more: for what may be long. */
  write(text: string): Promise<void>;
  error(text: string): void;
  input: NodeJS.ReadableStream;
  /** Resolves when the process is asked to end. */
  shutdownRequested(): Promise<void>;
}

/** @returns the exit code */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = exitCodes.done;
  const program = createProgram(terminal, (answer) => {
    code = answer;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    terminal.error(
      program.opts().debug ? String(error instanceof Error ? error.stack : error) : `postern: ${explain(error)}`,
    );
    return error instanceof ConfigError || error instanceof UsageError ? exitCodes.usage : exitCodes.no;
  }
}

function createProgram(terminal: Terminal, answer: (code: number) => void): Command {
  const program = new Command('postern')
    .description('Postern, the GraphQL authentication gateway. Configured by environment variables: see the README.')
    .option('--debug', 'print a stack with an error')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.error(text.trimEnd()),
      outputError: (text, write) =>
        write(
          `postern: ${text
            .replace(/^error: /, '')
            .trim()
            .replace(/\s*\n\s*/g, ' ')}`,
        ),
    });

  program
    .command('serve')
    .description('start the gateway; applies pending migrations first')
    .option('--no-migrate', 'do not touch the schema')
    .action((options: { migrate: boolean }) => serve(readConfig(), terminal, options.migrate));

  program
    .command('migrate')
    .description('apply pending migrations, all or none')
    .option('--check', 'change nothing; exit 1 when something is pending')
    .action(async (options: { check?: boolean }) => {
      answer(await runMigrations(readConfig(), terminal, options.check ?? false));
    });

  const users = program.command('users').description('manage users');
  users
    .command('create')
    .description('make a user; without a password, print an invitation link')
    .requiredOption('--email <address>', 'the address to sign in with')
    .requiredOption('--role <name>', 'such as SUPER_ADMIN or USER')
    .option('--password-stdin', 'read the password from the first line of standard input: the user is active at once')
    .action(async (options: { email: string; role: string; passwordStdin?: boolean }) => {
      answer(await createUser(readConfig(), terminal, options));
    });

  const keys = program.command('keys').description('manage the keys that sign access tokens');
  keys
    .command('list')
    .description('show every key and its state')
    .action(() => listKeys(readConfig(), terminal));
  keys
    .command('rotate')
    .description('let the next key sign, once verifiers have had time to see it')
    .option('--force', 'rotate now, although verifiers that cache the key set may refuse new tokens for five minutes')
    .action(({ force = false }: { force?: boolean }) => rotateKeys(readConfig(), terminal, force));
  keys
    .command('revoke')
    .description('withdraw a key at once: its tokens are refused, and it leaves the key set; users stay signed in')
    .argument('<kid>', 'as "postern keys list" shows it')
    .action(async (kid: string) => answer(await revokeKey(readConfig(), terminal, kid)));

  const audit = program.command('audit').description('prove, and take along, the audit trail');
  audit
    .command('verify')
    .description('walk the whole trail; name the first entry that was changed, lost, put in or moved, and exit 1')
    .option('--file <path>', 'an export instead of the database: needs no database and no configuration')
    .option('--public-key <path...>', 'believe these keys only ("postern audit key", kept elsewhere)')
    .option('--checkpoint <path>', 'a checkpoint that was kept elsewhere: notices an old backup, and an end cut off')
    .action(async (options: { file?: string; publicKey?: string[]; checkpoint?: string }) => {
      const { file, publicKey = [], checkpoint = null } = options;
      const trust = { publicKeys: publicKey, checkpoint };
      const whole = file
        ? await verifyAuditFile(terminal, file, trust)
        : await withApp(readConfig(), (app) => verifyAudit(terminal, app, trust));
      answer(whole ? exitCodes.done : exitCodes.no);
    });
  audit
    .command('export')
    .description('print the trail with its proofs, a line of JSON each; holds personal data')
    .option('--since <time>', 'only from then on, such as 2026-01-31 or 2026-01-31T12:00:00Z', timeFrom)
    .action((options: { since?: Date }) =>
      withApp(readConfig(), (app) => exportAudit(terminal, app, options.since ?? null)),
    );
  audit
    .command('key')
    .description('print the public key that checkpoints are signed with: keep it elsewhere')
    .action(() => withApp(readConfig(), (app) => printAuditKey(terminal, app)));
  audit
    .command('checkpoint')
    .description('seal what is there and print the newest checkpoint: keep it elsewhere')
    .action(() => withApp(readConfig(), (app) => printAuditCheckpoint(terminal, app)));

  program
    .command('cleanup')
    .description('delete what has expired, once; the server does it by itself')
    .action(() => runCleanUp(readConfig(), terminal));

  program
    .command('schema')
    .description('print the GraphQL schema; needs no database')
    .option('--subgraph', 'with the directives of Apollo Federation, for composing a supergraph')
    .addOption(new Option('--permissions', 'instead, who may ask for what, as a table').conflicts('subgraph'))
    .action(async ({ subgraph, permissions }: { subgraph?: boolean; permissions?: boolean }) => {
      const text = permissions ? printPermissions() : subgraph ? printSubgraph() : printSdl();
      terminal.out(text.trimEnd());
    });
  return program;
}

async function serve(config: Config, terminal: Terminal, migrateFirst: boolean): Promise<void> {
  const told = terminal.shutdownRequested();
  const gateway = await startGateway(config, { migrateFirst, print: terminal.out });
  const lines = [
    '',
    `  Postern serves ${config.publicUrl}/graphql`,
    ...(config.sandbox ? [`  Sandbox        ${config.publicUrl}/graphql in a browser`] : []),
    ...(gateway.mailboxUrl ? [`  Mailbox        ${config.publicUrl}/dev/mailbox`] : []),
    ...(config.sandbox
      ? [
          `  Try first      mutation { register(input: { email: "ada@example.com", password: "correct Horse 7 battery" }) { status } }`,
        ]
      : []),
    '',
  ];
  terminal.out(lines.join('\n'));
  await told;
  await gateway.stop();
}

async function runMigrations(config: Config, terminal: Terminal, check: boolean): Promise<number> {
  return withApp(config, async (app) => {
    if (check) {
      const pending = await app.pendingMigrations();
      terminal.out(pending.length === 0 ? 'Nothing is pending.' : `Pending: ${pending.join(', ')}`);
      return pending.length === 0 ? exitCodes.done : exitCodes.no;
    }
    const applied = await migrate(app.databaseUrl);
    terminal.out(applied.length === 0 ? 'Nothing was pending.' : `Applied: ${applied.join(', ')}`);
    return exitCodes.done;
  });
}

async function createUser(
  config: Config,
  terminal: Terminal,
  options: { email: string; role: string; passwordStdin?: boolean },
): Promise<number> {
  const password = options.passwordStdin ? await firstLine(terminal.input) : null;
  return withApp(config, async (app) => {
    await migrate(app.databaseUrl);
    try {
      const user = await app.services().invitations.create({ email: options.email, role: options.role, password });
      terminal.out(`Created ${user.email} (${user.id}).`);
      if (user.token !== null) {
        terminal.out(`Hand over this link; it works once, until ${user.expiresAt.toISOString()}:`);
        terminal.out(`${config.appUrl}/accept-invitation#token=${user.token}`);
      }
      return exitCodes.done;
    } catch (error) {
      if (!(error instanceof Refusal) || !error.options.fields) throw error;
      for (const { path, message } of error.options.fields) terminal.error(`postern: ${path}: ${message}`);
      return error.options.fields.some(({ path }) => path !== 'password') ? exitCodes.usage : exitCodes.no;
    }
  });
}

async function listKeys(config: Config, terminal: Terminal): Promise<void> {
  await withApp(config, async ({ signingKeys }) => {
    for (const { kid, state, createdAt, activatedAt, retiredAt } of await signingKeys.list()) {
      const since = retiredAt ?? activatedAt ?? createdAt;
      terminal.out(`${kid}  ${state.padEnd(7)}  since ${since.toISOString()}`);
    }
  });
}

async function rotateKeys(config: Config, terminal: Terminal, force: boolean): Promise<void> {
  await withApp(config, async ({ signingKeys }) => {
    await signingKeys.ensure();
    const rotation = await signingKeys.rotate({ force });
    terminal.out(
      rotation.rotated
        ? `${rotation.to} signs now; ${rotation.from} is retired.`
        : `Not yet: verifiers must have seen the next key first. Possible from ${rotation.possibleAt.toISOString()}.`,
    );
    if (rotation.rotated && force) terminal.error(cachedKeysWarning);
  });
}

const cachedKeysWarning =
  'Warning: verifiers that cache the key set may refuse new tokens until they fetch it again, within five minutes.';

async function revokeKey(config: Config, terminal: Terminal, kid: string): Promise<number> {
  return withApp(config, async ({ signingKeys }) => {
    const revocation = await signingKeys.revoke(kid);
    if (!revocation) {
      terminal.error('postern: There is no such key: "postern keys list" shows the keys.');
      return exitCodes.no;
    }
    terminal.out(`${revocation.kid} is revoked (it was ${revocation.state}).`);
    if (revocation.replacedBy !== null) terminal.out(`${revocation.replacedBy} signs now.`);
    terminal.error(
      'Warning: verifiers that cache the key set may accept tokens of the revoked key, and refuse new tokens, for five minutes.',
    );
    return exitCodes.done;
  });
}

async function runCleanUp(config: Config, terminal: Terminal): Promise<void> {
  await withApp(config, async (app) => {
    const cleaned = {
      ...(await cleanUp(app.dependencies())),
      audit_entries: await app.auditSealing.removeOutdated(),
    };
    terminal.out(
      Object.entries(cleaned)
        .map(([table, count]) => `${table}: ${count}`)
        .join('\n'),
    );
  });
}

async function withApp<T>(
  config: Config,
  work: (app: Awaited<ReturnType<typeof createApp>>) => Promise<T>,
): Promise<T> {
  const app = await createApp(config);
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

function timeFrom(text: string): Date {
  const time = new Date(text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError('give a time such as 2026-01-31 or 2026-01-31T12:00:00Z.');
}

async function firstLine(input: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    // A terminal stays open behind the line, and would keep the process alive.
    lines.close();
    input.pause();
  }
}
