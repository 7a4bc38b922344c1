#!/usr/bin/env node
/** The executable: connects the command line to this process. */
import { runCli } from './cli.ts';
import { widenThreadPool } from './config.ts';
import { createLogger, describeError } from './logger.ts';

widenThreadPool();
// The last resort (ASVS 16.5.4). Node's own would print the message, which may quote what somebody has sent. The process
// is in a state that nobody has thought of, so it ends; what was being done is undone by the database.
process.on('uncaughtException', (error) => {
  createLogger('fatal', process.stderr).fatal(describeError(error), 'an error that nobody expected ends the process');
  process.exit(1);
});
// Who reads our output may stop before the end, as `head` does: the write that failed says so.
process.stdout.on('error', () => undefined);

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(`${text}\n`),
  write: (text) =>
    new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve()))),
  error: (text) => process.stderr.write(`${text}\n`),
  input: process.stdin,
  shutdownRequested: () =>
    new Promise((resolve) => {
      process.once('SIGTERM', () => resolve());
      process.once('SIGINT', () => resolve());
    }),
});
