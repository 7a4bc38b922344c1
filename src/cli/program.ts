/** The command line: parses the arguments, runs one command and turns every outcome into an exit code and plain sentences. */
import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/config.ts';
import { version } from '../version.ts';
import { registerAudit } from './audit-commands.ts';
import { registerCleanUp } from './cleanup.ts';
import { explain } from './explain.ts';
import { registerKeys } from './keys.ts';
import { registerMigrate } from './migrate.ts';
import { registerSchema } from './schema.ts';
import { registerServe } from './serve.ts';
import { type Answer, exitCodes, type Terminal, UsageError } from './terminal.ts';
import { registerUsers } from './users/users.ts';

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
    return error instanceof ConfigError || error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
  }
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
      outputError: (text, write) =>
        write(
          `postern: ${text
            .replace(/^error: /, '')
            .trim()
            .replace(/\s*\n\s*/g, ' ')}`,
        ),
    });
  registerServe(program, terminal);
  registerMigrate(program, terminal, answer);
  registerUsers(program, terminal, answer);
  registerKeys(program, terminal, answer);
  registerAudit(program, terminal, answer);
  registerCleanUp(program, terminal);
  registerSchema(program, terminal);
  return program;
}
