/**
 * Slows down the pages of a browser, workers included: Chromium's own throttling reaches the main thread of a page only. The
 * processes that run pages are stopped for a part of the time.
 */
import { readdirSync, readFileSync } from 'node:fs';

const periodMs = 20;

export interface Throttle {
  /** The processes continue at full speed. */
  end(): void;
}

/** @param factor 4: a quarter of the speed */
export function throttlePages(factor: number): Throttle {
  let timer: NodeJS.Timeout;
  let stopped: number[] = [];
  const pause = () => {
    stopped = pageProcesses();
    for (const pid of stopped) signal(pid, 'SIGSTOP');
    timer = setTimeout(resume, periodMs * (1 - 1 / factor));
  };
  const resume = () => {
    for (const pid of stopped) signal(pid, 'SIGCONT');
    stopped = [];
    timer = setTimeout(pause, periodMs / factor);
  };
  pause();
  return {
    end() {
      clearTimeout(timer);
      for (const pid of stopped) signal(pid, 'SIGCONT');
    },
  };
}

/** Descendants of this process that run pages of Chromium. */
function pageProcesses(): number[] {
  const parents = new Map(readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? parentOf(Number(name)) : [])));
  const isOwn = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === process.pid || isOwn(parents.get(pid)));
  return [...parents.keys()].filter((pid) => isOwn(pid) && textOf(`/proc/${pid}/cmdline`).includes('--type=renderer'));
}

function parentOf(pid: number): [pid: number, parent: number][] {
  // The second field is the name in parentheses, which may contain blanks.
  const parent = /^\d+ \(.*\) \S (\d+)/s.exec(textOf(`/proc/${pid}/stat`))?.[1];
  return parent === undefined ? [] : [[pid, Number(parent)]];
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // The process has ended.
  }
}
