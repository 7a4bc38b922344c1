/** `postern api-keys revoke` and `check`. */
import { revokeKey as revoke } from '../domain/applications/change-key.ts';
import { checkKey as check, isWholeKey, type KeyCheck, type KeyProblem } from '../domain/applications/check-key.ts';
import { Refusal } from '../domain/errors.ts';
import { operatorCaller } from '../domain/operator.ts';
import { withMigratedApp } from './connect.ts';
import { firstLine } from './first-line.ts';
import { exitCodes, type Terminal } from './terminal.ts';

const problems: Readonly<Record<KeyProblem, string>> = {
  malformed: 'This is no API key: its length, form or checksum is wrong. Copy the whole key.',
  disabled: 'API_KEYS is off: every key is refused.',
  unknown:
    'This key is unknown. It belongs to another database, was replaced by a rotation, or was erased 90 days after its end; or SECRET has changed, then set SECRET_PREVIOUS.',
  revoked: 'This key is revoked. Create another one.',
  owner_inactive: 'The owner of this key is suspended or deleted.',
  expired: 'This key has expired. Create another one.',
};

export async function revokeKey(terminal: Terminal, id: string): Promise<void> {
  await withMigratedApp(terminal, async ({ app, database }) => {
    await revoke(app.dependencies(), operatorCaller(), id).catch((error: unknown) => {
      if (!(error instanceof Refusal) || error.code !== 'NOT_FOUND') throw error;
      // The argument may be a key by mistake: it is not repeated.
      throw new Error('No valid key has this id: it does not exist, has expired, or is revoked.', { cause: error });
    });
    terminal.out(`${id} is revoked. Changed ${database}.`);
  });
}

/** @returns 1 for a key that is refused */
export async function checkKey(terminal: Terminal): Promise<number> {
  const text = (await firstLine(terminal.input)).trim();
  // Before a database is opened.
  const found: KeyCheck = isWholeKey(text)
    ? await withMigratedApp(terminal, ({ app }) => check(app.dependencies(), text))
    : { problem: 'malformed' };
  if (found.problem !== null) {
    terminal.error(`postern: ${problems[found.problem]}`);
    return exitCodes.failed;
  }
  for (const [name, value] of Object.entries(factsOf(found))) terminal.out(`${name}: ${value}`);
  return exitCodes.done;
}

function factsOf({ key, scopes }: Extract<KeyCheck, { problem: null }>): Record<string, string> {
  const { id, name, userId, serviceAccountId, serviceAccountName, role, ipAllowlist } = key;
  const lost = key.scopes.filter((scope) => !scopes.includes(scope));
  return {
    id,
    name,
    owner: serviceAccountId === null ? `user ${userId}` : `service account ${serviceAccountId} (${serviceAccountName})`,
    role,
    scopes: scopes.join(', ') || 'none',
    ...(lost.length > 0 && { 'scopes that the role does not hold': lost.join(', ') }),
    networks: ipAllowlist.join(', ') || 'all',
    expiresAt: new Date(key.expiresAt).toISOString(),
  };
}
