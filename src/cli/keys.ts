/** `postern keys …`: the keys that sign access tokens. */
import { withMigratedApp } from './connect.ts';
import { exitCodes, type Terminal } from './terminal.ts';

const cachedKeysWarning =
  'Warning: verifiers that cache the key set may refuse new tokens until they fetch it again, within five minutes.';
const revokedKeyWarning =
  'Warning: verifiers that cache the key set may accept tokens of the revoked key, and refuse new tokens, for five minutes.';

export async function listKeys(terminal: Terminal): Promise<void> {
  await withMigratedApp(terminal, async ({ app }) => {
    for (const { kid, state, createdAt, activatedAt, retiredAt } of await app.signingKeys.list()) {
      const since = retiredAt ?? activatedAt ?? createdAt;
      terminal.out(`${kid}  ${state.padEnd(7)}  since ${since.toISOString()}`);
    }
  });
}

export async function rotateKeys(terminal: Terminal, force: boolean): Promise<void> {
  await withMigratedApp(terminal, async ({ app, database }) => {
    await app.signingKeys.ensure();
    const rotation = await app.signingKeys.rotate({ force });
    terminal.out(
      rotation.rotated
        ? `${rotation.to} signs now; ${rotation.from} is retired. Changed ${database}.`
        : `Too early: verifiers have to fetch the next key first. Rotation is possible from ${rotation.possibleAt.toISOString()}.`,
    );
    if (rotation.rotated && force) terminal.error(cachedKeysWarning);
  });
}

export function revokeKey(terminal: Terminal, kid: string): Promise<number> {
  return withMigratedApp(terminal, async ({ app, database }) => {
    const revocation = await app.signingKeys.revoke(kid);
    if (!revocation) {
      terminal.error('postern: Key not found. "postern keys list" shows the keys.');
      return exitCodes.failed;
    }
    terminal.out(`${revocation.kid} is revoked (it was ${revocation.state}). Changed ${database}.`);
    if (revocation.replacedBy !== null) terminal.out(`${revocation.replacedBy} signs now.`);
    terminal.error(revokedKeyWarning);
    return exitCodes.done;
  });
}
