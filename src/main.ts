#!/usr/bin/env node
/** The executable: connects the command line to this process. */
import { runCli } from './cli.ts';
import { widenThreadPool } from './config.ts';

widenThreadPool();
// Who reads our output may stop before the end, as `head` does: the write that failed says so.
process.stdout.on('error', () => undefined);

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(`${text}\n`),
  write: (text) =>
    new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve()))),
  error: (text) => process.stderr.write(`${text}\n`),
  input: process.stdin,
  untilTold: () =>
    new Promise((resolve) => {
      process.once('SIGTERM', () => resolve());
      process.once('SIGINT', () => resolve());
    }),
});
