/**
 * Proves a password of the system that users come from, with the hook `importUser`: the user is created before the password
 * is checked again. Every wrong password takes the same time, whichever system knows the address.
 */
import { setTimeout } from 'node:timers/promises';
import type { Caller } from '../caller.ts';
import type { SignInDeps } from './deps.ts';
import type { PasswordProof, PasswordRequest } from './password-proof.ts';

export type Credentials = Pick<PasswordRequest, 'email' | 'password'>;

/**
 * Creates the user of an address without an account, where the former system accepts the password.
 * @returns whether to check the password again
 */
export type ImportUser<Deps> = (unit: Deps, caller: Caller, credentials: Credentials) => Promise<boolean>;

/** For the work around a call, such as the record of its failure. */
const marginMs = 100;

export function importedProof<Deps extends SignInDeps>(
  unit: Deps,
  caller: Caller,
  { email, password }: Credentials,
  { proof, importUser }: { proof: PasswordProof; importUser: ImportUser<Deps> },
): PasswordProof {
  const timeoutMs = unit.hooks.timeoutMsOf('importUser');
  if (timeoutMs === null) return proof;
  return {
    ...proof,
    async prove(attempt) {
      const first = await proof.prove(attempt);
      if (!isWrong(first)) return first;
      const begun = performance.now();
      const isImported = !first.hasAccount && (await importUser(unit, caller, { email, password }));
      const last = isImported ? await proof.prove(attempt) : first;
      // A timer, without a connection and without a place at the gate of the hashes.
      if (isWrong(last)) await setTimeout(Math.max(0, begun + timeoutMs + marginMs - performance.now()));
      return last;
    },
  };
}

type Proven = Awaited<ReturnType<PasswordProof['prove']>>;

/** Not so for a password that waits for its mail: the caller has learned already that it is right. */
function isWrong(proven: Proven): proven is Extract<Proven, { rejected: unknown }> {
  return 'rejected' in proven && proven.rejected !== 'unverified';
}
