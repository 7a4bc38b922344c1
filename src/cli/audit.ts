/** `postern audit …`: verifies the audit trail and exports it. The rules are in domain/audit. */
import { open, readFile } from 'node:fs/promises';
import { exportTrail, signedPart } from '../domain/audit/export.ts';
import { checkExport, readCheckpoint } from '../domain/audit/export-check.ts';
import { checkIntegrity, newestCheckpoint } from '../domain/audit/integrity.ts';
import { type AuditKeyring, keyringOf, readOwnKeyring, readOwnPublicKey } from '../domain/audit/keys.ts';
import type { AuditProblem } from '../domain/audit/verification.ts';
import type { Checkpoint } from '../security/audit-chain.ts';
import { withMigratedApp } from './connect.ts';
import { type Terminal, UsageError } from './terminal.ts';

/** Paths of files that are stored elsewhere. */
export interface Trust {
  publicKeys: readonly string[];
  checkpoint: string | null;
}

/** @returns whether the trail is whole */
export function verifyAudit(terminal: Terminal, trust: Trust): Promise<boolean> {
  return withMigratedApp(terminal, async ({ app }) => {
    const { em } = app.dependencies();
    const { given, kept } = await readTrust(trust);
    const keyring = given ?? (await readOwnKeyring(em, app.sealer));
    const { problem, checked, checkpoint, waiting } = await checkIntegrity(em, { keyring, newest: null, kept });
    terminal.out(sentenceFor(problem, checked, checkpoint));
    if (problem === null && waiting > 0) terminal.out(`Not sealed yet: ${waiting}.`);
    return problem === null;
  });
}

/** @returns whether the export is whole */
export async function verifyAuditFile({ out }: Terminal, path: string, trust: Trust): Promise<boolean> {
  const { given, kept } = await readTrust(trust);
  const file = await open(path).catch(() => unreadable('--file', path));
  const lines = file.readLines();
  const { problem, checked, checkpoint, unknownKeys } = await checkExport(lines, { keyring: given, kept });
  await file.close();
  out(sentenceFor(problem, checked, checkpoint));
  if (problem === null && unknownKeys.length > 0) {
    out(
      `The signing keys come from the file itself (${unknownKeys.join(', ')}). Pass --public-key to verify their origin.`,
    );
  }
  return problem === null;
}

export function exportAudit(terminal: Terminal, since: Date | null): Promise<void> {
  return withMigratedApp(terminal, async ({ app }) => {
    await app.auditSealing.seal();
    const em = (await app.replica?.caughtUp()) ?? app.dependencies().em;
    for await (const lines of exportTrail(em, since)) await terminal.write(lines);
  });
}

export function printAuditKey(terminal: Terminal): Promise<void> {
  return withMigratedApp(terminal, async ({ app }) => {
    await app.auditSealing.seal();
    // Derived from the sealed part: a key in the table alone may have been inserted by an attacker.
    const publicKey = await readOwnPublicKey(app.dependencies().em, app.sealer);
    if (!publicKey) throw new Error('no key exists yet: the first sealed entry creates it');
    terminal.out(publicKey.trimEnd());
  });
}

export function printAuditCheckpoint(terminal: Terminal): Promise<void> {
  return withMigratedApp(terminal, async ({ app }) => {
    await app.auditSealing.seal();
    const checkpoint = await newestCheckpoint(app.dependencies().em);
    if (!checkpoint) throw new Error('no checkpoint exists yet: the first sealed entry creates it');
    terminal.out(JSON.stringify(signedPart(checkpoint)));
  });
}

function sentenceFor(problem: AuditProblem | null, checked: number, checkpoint: Checkpoint | null): string {
  if (problem) return `${problem.kind}: ${problem.message}`;
  if (!checkpoint) return 'Nothing is sealed yet.';
  return `Whole: ${checked} entries, up to number ${checkpoint.sequence}, signed ${checkpoint.signedAt}.`;
}

async function readTrust({ publicKeys, checkpoint }: Trust): Promise<{
  given: AuditKeyring | null;
  kept: Checkpoint | null;
}> {
  const pems = await Promise.all(publicKeys.map((path) => read('--public-key', path)));
  const given = pems.length > 0 ? keyringOf(pems) : null;
  if (pems.length > 0 && given === null)
    throw new UsageError('--public-key: the file does not contain the output of "postern audit key"');
  const kept = checkpoint === null ? null : readCheckpoint(await read('--checkpoint', checkpoint));
  if (checkpoint !== null && !kept)
    throw new UsageError('--checkpoint: the file does not contain the output of "postern audit checkpoint"');
  return { given, kept };
}

function read(option: string, path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => unreadable(option, path));
}

function unreadable(option: string, path: string): never {
  throw new UsageError(`${option}: ${path} cannot be read`);
}
