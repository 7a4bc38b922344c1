/** Can this process serve? Its memory, its event loop and its hash queue, as lines of `/readyz`. */
import { waitingPerSlot } from '../../security/passwords/password-hash.ts';
import type { Check } from './readiness.ts';

export interface ProcessState {
  residentBytes: number;
  /** null: the process has no limit. */
  limitBytes: number | null;
  eventLoopP99Ms: number;
  hashes: { running: number; waiting: number };
}

/** Above it, the kernel ends the process before the next requests are answered. */
const failedMemoryShare = 0.95;
const degradedEventLoopMs = 200;
const bytesPerMb = 1024 ** 2;

export function checkProcess(state: ProcessState): Check[] {
  return [memoryCheck(state), eventLoopCheck(state), hashesCheck(state)];
}

function memoryCheck({ residentBytes, limitBytes }: ProcessState): Check {
  const name = 'memory';
  const resident = Math.round(residentBytes / bytesPerMb);
  if (limitBytes === null) return { name, state: 'ok', detail: `resident ${resident} MB, no limit` };
  const state = residentBytes > limitBytes * failedMemoryShare ? 'failed' : 'ok';
  return { name, state, detail: `resident ${resident} of ${Math.round(limitBytes / bytesPerMb)} MB` };
}

function eventLoopCheck({ eventLoopP99Ms }: ProcessState): Check {
  const state = eventLoopP99Ms > degradedEventLoopMs ? 'degraded' : 'ok';
  return { name: 'event-loop', state, detail: `p99 ${Math.round(eventLoopP99Ms)} ms` };
}

/** From half of the places to wait on, sign-ins take seconds; beyond the last place, they are refused. */
function hashesCheck({ hashes: { running, waiting } }: ProcessState): Check {
  const state = waiting > (running * waitingPerSlot) / 2 ? 'degraded' : 'ok';
  return { name: 'hashes', state, detail: `${running} running, ${waiting} waiting` };
}
