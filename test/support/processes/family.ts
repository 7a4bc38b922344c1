/** Processes and their children, as Linux reports them (proc(5)). */
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

/** The process itself first, then its children and theirs. */
export async function familyOf(pid: number): Promise<number[]> {
  const parents = await readParents();
  const family = [pid];
  for (const member of family) {
    for (const [child, parent] of parents) if (parent === member) family.push(child);
  }
  return family;
}

/** Does nothing when the process has ended. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** A process that has ended but that its parent has not read yet (a zombie) holds nothing: it counts as ended. */
export function isAlive(pid: number): boolean {
  const [, state] = /^State:\s+(\w)/m.exec(statusOf(pid)) ?? [];
  return state !== undefined && state !== 'Z' && state !== 'X';
}

async function readParents(): Promise<Map<number, number>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const entries = await Promise.all(pids.map(async (pid) => [pid, await parentOf(pid)] as const));
  return new Map(entries);
}

/** @returns 0 for a process that has ended */
async function parentOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name of the program may contain spaces.
  const [, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return Number(parent ?? 0);
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
