/** Runs commands of the built gateway, and prints what was measured. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { environmentOf, mainFile } from '../gateway-process.ts';

export interface Database {
  databaseUrl: string;
  folder: string;
}

/** @returns the seconds that the command took */
export async function runCommand({ folder, databaseUrl }: Database, args: string[]): Promise<number> {
  const begun = performance.now();
  const env = environmentOf(databaseUrl);
  const child = spawn(process.execPath, [mainFile, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`postern ${args.join(' ')} ended with ${code}`);
  return (performance.now() - begun) / 1000;
}

export const perSecond = (count: number, seconds: number) => `${Math.round(count / seconds)}/s`;

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
