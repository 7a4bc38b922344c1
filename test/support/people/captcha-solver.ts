/** Solves challenges with the solver of altcha-lib, which shares no code with the gateway. */
import { type Challenge, solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/scrypt';

export interface Solved {
  challenge: Challenge;
  solution: { counter: number; derivedKey: string };
}

/** Takes about a second of CPU time. */
export async function solve(challenge: Challenge): Promise<Solved> {
  const solution = await solveChallenge({ challenge, deriveKey });
  if (!solution) throw new Error('the challenge was not solved in time');
  return { challenge, solution: { counter: solution.counter, derivedKey: solution.derivedKey } };
}

/** The token of a solution, for the header. */
export function tokenOf(solved: object): string {
  return Buffer.from(JSON.stringify(solved)).toString('base64');
}
