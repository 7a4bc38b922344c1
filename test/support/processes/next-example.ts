/** The built application of examples/next, with the packages of this checkout. */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../races/until.ts';
import { freePort } from '../servers/free-port.ts';

const folder = resolve(import.meta.dirname, '../../../examples/next');
const program = join(folder, 'node_modules/next/dist/bin/next');
const run = promisify(execFile);
const environment = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };

export interface NextExample {
  /** At localhost, where browsers accept `Secure` cookies without TLS. */
  origin: string;
  cookieSecret: string;
  stop(): Promise<void>;
}

/** Installs what its lock file names, from the registry. */
export async function buildNextExample(): Promise<void> {
  await run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder, env: environment });
  await run(process.execPath, [program, 'build'], { cwd: folder, env: environment, maxBuffer: 2 ** 24 });
}

/** @param gatewayUrl PUBLIC_URL of the gateway */
export async function startNextExample(gatewayUrl: string): Promise<NextExample> {
  const port = await freePort();
  const cookieSecret = randomBytes(32).toString('base64');
  const env = { ...environment, POSTERN_URL: gatewayUrl, COOKIE_SECRET: cookieSecret };
  const args = [program, 'start', '--hostname', '127.0.0.1', '--port', String(port)];
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: 'ignore' });
  const answers = () =>
    fetch(`http://127.0.0.1:${port}/sign-in`).then(
      ({ ok }) => ok,
      () => false,
    );
  await until('the application of examples/next', answers, 60_000);
  return {
    origin: `http://localhost:${port}`,
    cookieSecret,
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
