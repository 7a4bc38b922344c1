/**
 * CPU time of processes, from Linux (proc(5)): it determines the cost of a deployment, and varies less than elapsed
 * time on a machine with other work.
 */
import { readdir, readFile } from 'node:fs/promises';

/** USER_HZ, which is 100 on every architecture that Node supports. */
const tickMs = 10;
/** Positions after the name of the program, which may contain spaces. */
const field = { parent: 1, user: 11, system: 12, childrenUser: 13, childrenSystem: 14 };

async function fieldsOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  return text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
}

function sum(fields: readonly number[], ...positions: number[]): number {
  return positions.reduce((ticks, position) => ticks + (fields[position] ?? 0), 0) * tickMs;
}

/** Milliseconds of CPU time of the process, in user and in kernel mode. */
export async function cpuMsOf(pid: number): Promise<number> {
  return sum(await fieldsOf(pid), field.user, field.system);
}

/** The CPU time of a process, of its children, and of its children that have ended. */
export async function cpuMsOfFamily(pid: number): Promise<number> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  // The parent counts the time of a process that ends meanwhile.
  const all = await Promise.all(processes.map((other) => fieldsOf(other).catch(() => [])));
  const children = all.filter((fields) => fields[field.parent] === pid);
  const own = sum(await fieldsOf(pid), field.user, field.system, field.childrenUser, field.childrenSystem);
  return children.reduce((total, fields) => total + sum(fields, field.user, field.system), own);
}
