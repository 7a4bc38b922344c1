/** One program of a drill: started, frozen, killed and started again. It ends with the drill. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { familyOf, isAlive, signalProcess } from '../../support/processes/family.ts';
import { until } from '../../support/races/until.ts';

export interface ProgramOptions {
  name: string;
  command: readonly [file: string, args: readonly string[]];
  environment: NodeJS.ProcessEnv;
  folder: string;
  isReady(output: string): Promise<boolean> | boolean;
  /** The signal of a quick regular end. */
  stopSignal?: NodeJS.Signals;
  startDeadlineMs?: number;
  /** Processes that belong to it without being its children. */
  others?(): Promise<number[]>;
}

export interface Program {
  pid(): number;
  output(): string;
  start(): Promise<void>;
  /** Kills it and its children at once, as the loss of a machine. */
  kill(): Promise<void>;
  /** Kills this process alone. */
  killAlone(): Promise<void>;
  /** Stops it and its children without an end: their connections stay open and get no answer. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  stop(): Promise<void>;
}

const endDeadlineMs = 20_000;
const keptOutput = 20_000;

export async function startProgram(options: ProgramOptions): Promise<Program> {
  let child: ChildProcess;
  let output = '';

  async function start(): Promise<void> {
    const [file, args] = options.command;
    output = '';
    child = spawn(file, args, { env: options.environment, cwd: options.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        output = `${output}${chunk}`.slice(-keptOutput);
      });
    }
    await once(child, 'spawn');
    const ready = async () => {
      if (hasEnded()) throw new Error(`${options.name} ended: ${output}`);
      return options.isReady(output);
    };
    await until(`${options.name} is ready`, ready, options.startDeadlineMs).catch(async (error) => {
      await kill();
      throw new Error(`${error.message}: ${output}`, { cause: error });
    });
  }

  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const pid = () => child.pid ?? 0;

  /** @returns the processes that got the signal */
  async function signalAll(signal: NodeJS.Signals): Promise<number[]> {
    const roots = [pid(), ...((await options.others?.()) ?? [])];
    const family = (await Promise.all(roots.map(familyOf))).flat();
    for (const member of family) signalProcess(member, signal);
    return family;
  }

  async function kill(): Promise<void> {
    const family = await signalAll('SIGKILL');
    await ended();
    // A program can start only when no child of its predecessor holds a file or a port.
    await until(`the end of every process of ${options.name}`, () => !family.some(isAlive));
  }

  const ended = () => until(`the end of ${options.name}`, hasEnded, endDeadlineMs);

  await start();
  return {
    pid,
    output: () => output,
    start,
    kill,
    async killAlone() {
      child.kill('SIGKILL');
      await ended();
    },
    freeze: async () => void (await signalAll('SIGSTOP')),
    thaw: async () => void (await signalAll('SIGCONT')),
    async stop() {
      if (hasEnded()) return;
      await signalAll('SIGCONT');
      child.kill(options.stopSignal ?? 'SIGTERM');
      await ended().catch(kill);
    },
  };
}
