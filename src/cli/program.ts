/**
 * The command line: parses the arguments, runs one command and turns every outcome into an exit code and plain sentences.
 * Each command imports its work when it runs: `--help` and a wrong option load the arguments only.
 */
import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/error.ts';
import { version } from '../version.ts';
import { registerExplain } from './commands/access.ts';
import { registerApiKeys, registerServiceAccounts } from './commands/applications.ts';
import { registerAudit } from './commands/audit.ts';
import { registerCleanUp } from './commands/cleanup.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerGateway } from './commands/gateway.ts';
import { registerHooks } from './commands/hooks.ts';
import { registerKeys } from './commands/keys.ts';
import { registerMigrate } from './commands/migrate.ts';
import { registerPartitions } from './commands/partitions.ts';
import { registerProviders } from './commands/providers.ts';
import { registerRisk } from './commands/risk.ts';
import { registerSchema } from './commands/schema.ts';
import { registerServe } from './commands/serve.ts';
import { registerSms } from './commands/sms.ts';
import { registerUsers } from './commands/users.ts';
import { registerWebhooks } from './commands/webhooks.ts';
import { type Answer, exitCodes, type Terminal, UsageError } from './terminal.ts';

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
    terminal.error(await messageOf(error, program.opts().debug));
    return error instanceof ConfigError || error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
  }
}

async function messageOf(error: unknown, debug: boolean): Promise<string> {
  if (debug) return String(error instanceof Error ? error.stack : error);
  const { explain } = await import('./explain.ts');
  return `postern: ${explain(error)}`;
}

/** @returns the sentence of commander in one line; for an option, how to write an argument such as a key id */
function usageProblem(text: string): string {
  const problem = text
    .replace(/^error: /, '')
    .trim()
    .replace(/\s*\n\s*/g, ' ');
  return /^unknown option '-[^-]/.test(problem)
    ? `${problem}. Write -- before an argument that begins with -`
    : problem;
}

function createProgram(terminal: Terminal, answer: Answer): Command {
  const program = new Command('postern')
    .description(
      'Postern, the GraphQL authentication gateway. Environment variables configure it: see docs/configuration.md.',
    )
    .version(version, '--version', 'print the version')
    .option('--debug', 'print the stack trace of an error')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.error(text.trimEnd()),
      outputError: (text, write) => write(`postern: ${usageProblem(text)}`),
    });
  registerServe(program, terminal);
  registerGateway(program, terminal);
  registerMigrate(program, terminal, answer);
  registerUsers(program, terminal, answer);
  registerServiceAccounts(program, terminal);
  registerApiKeys(program, terminal, answer);
  registerKeys(program, terminal, answer);
  registerProviders(program, terminal, answer);
  registerWebhooks(program, terminal);
  registerRisk(program, terminal, answer);
  registerSms(program, terminal, answer);
  registerHooks(program, terminal, answer);
  registerAudit(program, terminal, answer);
  registerExplain(program, terminal, answer);
  registerDoctor(program, terminal, answer);
  registerCleanUp(program, terminal);
  registerPartitions(program, terminal);
  registerSchema(program, terminal);
  return program;
}
