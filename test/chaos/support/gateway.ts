/** Gateways as processes, in production mode, that share one database. */
import { lockoutOff, testSecret } from '../../support/gateway/gateway.ts';
import { signalProcess } from '../../support/processes/family.ts';
import {
  createProcessRunner,
  mainFile,
  type ProcessResult,
  type RunningProcess,
} from '../../support/processes/processes.ts';
import { until } from '../../support/races/until.ts';
import { freePort } from '../../support/servers/free-port.ts';
import type { Ending } from './ending.ts';

export interface Gateway {
  url: string;
  port: number;
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** Ends it by SIGTERM, as a deployment does. */
  stop(): Promise<ProcessResult>;
  /** Starts it again, on the same port. @param main another version of the program */
  start(main?: string): Promise<void>;
  output(): string;
}

export interface Gateways {
  /** @param main another version of the program */
  start(settings?: Record<string, string>, main?: string): Promise<Gateway>;
  /** Runs another command of the program. */
  run(args: readonly string[], main?: string): Promise<ProcessResult>;
}

/** Longer than all drills of a file. */
const lifetimeMs = 1_200_000;
/** The previous version, from which a drill upgrades, knows these names, too. */
const limits = [
  'login',
  'loginSource',
  'register',
  'verifyEmail',
  'refresh',
  'reauthenticate',
  'anonymous',
  'authenticated',
];
const stopDeadlineMs = 30_000;

/** @param shared settings of all gateways, at least DATABASE_URL and SMTP_URL */
export function createGateways(ending: Ending, shared: Record<string, string>): Gateways {
  const runner = createProcessRunner();
  ending.add(runner.clear);
  const environment = {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PUBLIC_URL: 'https://auth.example.com',
    MAIL_FROM: 'Postern <no-reply@auth.example.com>',
    TRUSTED_PROXIES: '127.0.0.1',
    SECRET: testSecret,
    // All clients of a drill have one address.
    RATE_LIMITS: limits.map((name) => `${name}=off`).join(','),
    ...lockoutOff,
    ARGON2_MEMORY_KIB: '7168',
    ARGON2_PASSES: '5',
    ...shared,
  };
  return {
    run: (args, main = mainFile) => runner.run(args, { env: environment, main }),
    async start(settings = {}, main = mainFile) {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      let process: RunningProcess;
      async function start(version = main): Promise<void> {
        const env = { ...environment, PORT: String(port), ...settings };
        process = runner.start(['serve'], { env, lifetimeMs, main: version });
        await process.says('"msg":"listening"');
        await until(`${url} is ready`, () => isReady(url));
      }
      await start();
      return {
        url,
        port,
        start,
        async kill() {
          process.send('SIGKILL');
          await process.ended;
        },
        freeze: () => signalProcess(process.pid, 'SIGSTOP'),
        thaw: () => signalProcess(process.pid, 'SIGCONT'),
        stop() {
          process.send('SIGTERM');
          return process.endsWithin(stopDeadlineMs);
        },
        output: () => process.stdout() + process.stderr(),
      };
    },
  };
}

export async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) }).catch(() => null);
  await answer?.body?.cancel();
  return answer?.ok ?? false;
}
