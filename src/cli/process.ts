/** Connects the command line to this process: streams, signals and the last-resort error handler. */
import { loadEnvironmentFile, widenThreadPool } from '../config/environment.ts';
import { createLogger, describeError } from '../logger.ts';
import { explain } from './explain.ts';
import { watchSignals } from './signals.ts';
import { exitCodes } from './terminal.ts';

/** The embedded PostgreSQL stops within this time, or is left behind. */
const lastWorkMs = 10_000;

export async function run(): Promise<void> {
  try {
    loadEnvironmentFile();
  } catch (error) {
    process.stderr.write(`postern: ${explain(error)}\n`);
    process.exitCode = exitCodes.usage;
    return;
  }
  widenThreadPool();
  const lastWorks: (() => Promise<void>)[] = [];

  /** Never returns to the code that was running: the process ends with the work that must be done. */
  async function endAtOnce(exitCode: number): Promise<void> {
    setTimeout(() => process.exit(exitCode), lastWorkMs).unref();
    await Promise.allSettled(lastWorks.splice(0).map((work) => work()));
    process.exit(exitCode);
  }

  // The last resort (ASVS 16.5.4). Node.js would print the message, which may quote a client's input. The state of the
  // process is unknown, so it ends; the database rolls open transactions back.
  process.on('uncaughtException', (error) => {
    createLogger('fatal', process.stderr).fatal(describeError(error), 'unexpected error: the process exits');
    void endAtOnce(1);
  });
  // A reader of the output may stop before the end, as `head` does. The failed write reports it.
  process.stdout.on('error', () => undefined);
  const signals = watchSignals(process, (exitCode) => void endAtOnce(exitCode));

  // After the file was read: argon2 chooses its binary by PREBUILDS_ONLY when it is loaded.
  const { runCli } = await import('./program.ts');
  process.exitCode = await runCli(process.argv.slice(2), {
    out: (text) => process.stdout.write(`${text}\n`),
    write: (text) =>
      new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve()))),
    error: (text) => process.stderr.write(`${text}\n`),
    input: process.stdin,
    shutdownRequested: signals.shutdownRequested,
    beforeExit: (work) => {
      lastWorks.push(work);
    },
  });
}
