/**
 * What an operator learns about a key: why it is refused, or what it may do. Callers of the API get one answer for most
 * reasons.
 */
import type { KeyStateRow } from '../../persistence/applications/key-state.ts';
import { readApiKey } from '../../security/api-key.ts';
import type { ApplicationDeps } from './deps.ts';
import { effectiveScopes, findGenuine, stateProblemOf } from './identify-key.ts';

export type KeyProblem = 'disabled' | 'unknown' | NonNullable<ReturnType<typeof stateProblemOf>>;

export type KeyCheck =
  /** `scopes`: those that the owner holds now. The key may be accepted in its networks. */
  { problem: null; key: KeyStateRow; scopes: string[] } | { problem: KeyProblem };

/** Whether the length, the form and the checksum are right. It needs no database. */
export function isWholeKey(text: string): boolean {
  return readApiKey(text) !== null;
}

export async function checkKey(deps: ApplicationDeps, text: string): Promise<KeyCheck> {
  const { settings, clock } = deps;
  const parts = readApiKey(text);
  if (parts === null) return { problem: 'malformed' };
  if (!settings.apiKeys.enabled) return { problem: 'disabled' };
  const key = await findGenuine(deps, parts);
  if (key === null) return { problem: 'unknown' };
  const problem = stateProblemOf(key, clock.now());
  return problem === null ? { problem, key, scopes: effectiveScopes(key.scopes, key.permissions) } : { problem };
}
