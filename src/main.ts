#!/usr/bin/env node
/** The executable: connects the command line to this process. */
import { runCli } from './cli.ts';
import { widenThreadPool } from './config.ts';

widenThreadPool();

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(`${text}\n`),
  error: (text) => process.stderr.write(`${text}\n`),
  input: process.stdin,
  untilTold: () =>
    new Promise((resolve) => {
      process.once('SIGTERM', () => resolve());
      process.once('SIGINT', () => resolve());
    }),
});
