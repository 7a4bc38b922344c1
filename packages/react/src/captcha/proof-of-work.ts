/** Solves the challenges of the gateway in workers, which leave the page responsive. */
import { trustedScriptUrl } from './trusted-script-url.ts';

/** 16 MiB each. */
const maxWorkers = 4;
const timeoutMs = 60_000;

interface Solution {
  counter: number;
  derivedKey: string;
}

/** @returns the token for the header of the request */
export async function solveChallenge(challenge: unknown): Promise<string> {
  const count = Math.max(1, Math.min(maxWorkers, navigator.hardwareConcurrency));
  const url = trustedScriptUrl(new URL('./scrypt-worker.js', import.meta.url).href);
  const workers = Array.from({ length: count }, () => new Worker(url));
  try {
    // Each worker tries every count-th counter: the first solution is enough.
    const attempts = workers.map((worker, counterStart) =>
      ask(worker, { type: 'work', challenge, counterStart, counterStep: count, timeout: timeoutMs }),
    );
    const { counter, derivedKey } = await Promise.race(attempts);
    return btoa(JSON.stringify({ challenge, solution: { counter, derivedKey } }));
  } finally {
    for (const worker of workers) worker.terminate();
  }
}

/** The messages are those of the worker of altcha. */
function ask(worker: Worker, work: object): Promise<Solution> {
  return new Promise((resolve, reject) => {
    worker.addEventListener('error', () => reject(new Error('The worker for captchas did not start.')));
    worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (isSolution(data)) resolve(data);
      else reject(new Error('The captcha was not solved in time.'));
    });
    worker.postMessage(work);
  });
}

function isSolution(value: unknown): value is Solution {
  return typeof value === 'object' && value !== null && 'counter' in value && 'derivedKey' in value;
}
