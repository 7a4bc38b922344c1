/** Connects the command line to this process: streams, signals and the last-resort error handler. */
import { loadEnvironmentFile, widenThreadPool } from '../config/environment.ts';
import { runCli } from './program.ts';
import { type Signals, watchSignals } from './signals.ts';
import { exitCodes, type Terminal } from './terminal.ts';

type Work = () => Promise<void>;

/** The process exits after this time, even if the embedded PostgreSQL still runs. */
const lastWorkMs = 10_000;

export async function run(): Promise<void> {
  try {
    loadEnvironmentFile();
  } catch (error) {
    process.stderr.write(`postern: ${error instanceof Error ? error.message : 'unknown error'}\n`);
    process.exitCode = exitCodes.usage;
    return;
  }
  widenThreadPool();
  const lastWorks: Work[] = [];
  endAfterUnexpectedErrors(lastWorks);
  // A reader of the output may stop before the end, as `head` does. The failed write reports it.
  process.stdout.on('error', () => undefined);
  const signals = watchSignals(process, (exitCode) => void endAtOnce(exitCode, lastWorks));
  const terminal = createTerminal(signals, lastWorks);
  process.exitCode = await runCli(process.argv.slice(2), terminal);
}

/** Ends the process after the work that must be done. The interrupted code does not continue. */
async function endAtOnce(exitCode: number, lastWorks: Work[]): Promise<void> {
  setTimeout(() => process.exit(exitCode), lastWorkMs).unref();
  await Promise.allSettled(lastWorks.splice(0).map((work) => work()));
  process.exit(exitCode);
}

/**
 * The last resort (ASVS 16.5.4). Node.js would print the message, which may quote a client's input. The state of the
 * process is unknown, so it ends; the database rolls open transactions back.
 */
function endAfterUnexpectedErrors(lastWorks: Work[]): void {
  process.on('uncaughtException', (error) => {
    void logFatal(error)
      .catch(() => undefined)
      .then(() => endAtOnce(1, lastWorks));
  });
}

/** Loads the logger here: `--help` needs none, and `serve` has loaded it. */
async function logFatal(error: Error): Promise<void> {
  const { createLogger, describeError } = await import('../logger.ts');
  createLogger('fatal', process.stderr).fatal(describeError(error), 'unexpected error: the process exits');
}

function createTerminal(signals: Signals, lastWorks: Work[]): Terminal {
  return {
    out: (text) => process.stdout.write(`${text}\n`),
    write: (text) =>
      new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve()))),
    error: (text) => process.stderr.write(`${text}\n`),
    input: process.stdin,
    shutdownRequested: signals.shutdownRequested,
    beforeExit: (work) => {
      lastWorks.push(work);
    },
  };
}
