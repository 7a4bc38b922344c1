/** `postern users import`: reads users of another system from a file and imports them in batches. */
import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { importBatch } from '../../domain/administration/import/batch.ts';
import { countResults, noRows } from '../../domain/administration/import/counts.ts';
import { forgetSource } from '../../domain/administration/import/forget.ts';
import { recordEnd, recordStart } from '../../domain/administration/import/record.ts';
import type { ImportRow, RowProblem, RowResult } from '../../domain/administration/import/row.ts';
import type { ImportDeps, ImportRun } from '../../domain/administration/import/run.ts';
import type { ImportCounts } from '../../domain/audit/actions.ts';
import { newId } from '../../domain/ids.ts';
import { operatorCaller } from '../../domain/operator.ts';
import { firebaseId } from '../../security/foreign-hashes/firebase-scrypt.ts';
import type { Sealer } from '../../security/keys/sealing.ts';
import { withMigratedApp } from '../connect.ts';
import { hasRepeatedMember, isMembers } from '../import-sources/fields.ts';
import { type FirebaseKey, readFirebaseKey } from '../import-sources/firebase.ts';
import type { OriginName, SourceName } from '../import-sources/names.ts';
import { type Source, type SourceContext, sources } from '../import-sources/source.ts';
import { type UserText, userTexts } from '../import-sources/user-lines.ts';
import { exitCodes, type Terminal, UsageError } from '../terminal.ts';
import { lowerProcessPriority } from '../thread-priority.ts';

export interface ImportOptions {
  from: SourceName;
  dryRun?: boolean;
  onConflict: 'skip' | 'link' | 'fail';
  hashConfig?: string;
  defaultRole: string;
  invite?: boolean;
  report?: string;
}

interface NumberedRow {
  line: number;
  row: ImportRow | RowProblem;
}

type Report = (batch: readonly NumberedRow[], results: readonly RowResult[]) => Promise<void>;

const batchSize = 500;
/** Shorter than the deadline of a statement (persistence/orm.ts). Another import holds its locks for a batch. */
const lockTimeoutMs = 30_000;
const conflicts = { skip: 'SKIP', link: 'LINK', fail: 'FAIL' } as const;

/** @returns the exit code */
export function importUsers(terminal: Terminal, file: string, options: ImportOptions): Promise<number> {
  lowerProcessPriority();
  return withMigratedApp(terminal, async ({ app, database }) => {
    const deps = app.backgroundDependencies();
    const firebaseKey = await readHashConfig(options.hashConfig, app.sealer);
    const texts = userTexts(await openInput(terminal, file), { mayBeRealm: options.from === 'keycloak' });
    const reportFile = options.report === undefined ? null : await open(options.report, 'w');
    const report: Report = async (batch, results) => {
      const lines = results.map((result, index) => reportLine(batch[index]?.line ?? 0, result));
      await reportFile?.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    };
    try {
      const run: ImportRun = {
        id: newId(deps.clock.now()),
        source: options.from,
        onConflict: conflicts[options.onConflict],
        isDryRun: options.dryRun ?? false,
        defaultRole: options.defaultRole,
        invite: options.invite ?? false,
        lockTimeoutMs,
      };
      const rows = readRows(texts, sources[options.from], { firebaseKey });
      const counts = await importAll(deps, run, rows, report);
      terminal.out(`${sentenceFor(run, counts)} ${run.isDryRun ? 'Nothing was changed in' : 'Changed'} ${database}.`);
      if (counts.created > 0)
        terminal.out(
          'Imported password hashes are renewed at sign-in; until then a wrong password may take longer than for an unknown address (docs/import.md).',
        );
      return counts.failed === 0 ? exitCodes.done : exitCodes.failed;
    } finally {
      await reportFile?.close();
    }
  });
}

/** @returns the exit code */
export function forgetImport(terminal: Terminal, source: OriginName): Promise<void> {
  return withMigratedApp(terminal, async ({ app, database }) => {
    const forgotten = await forgetSource(app.backgroundDependencies(), source);
    terminal.out(`Forgot the ids of ${forgotten} users of ${source} in ${database}. Their accounts stay.`);
  });
}

async function importAll(
  deps: ImportDeps,
  run: ImportRun,
  rows: AsyncIterable<NumberedRow>,
  report: Report,
): Promise<ImportCounts> {
  const caller = operatorCaller();
  await recordStart(deps, caller, run);
  let counts = noRows;
  let batch: NumberedRow[] = [];
  let finished = 0;
  const flush = async () => {
    const results = await resultsOf(deps, run, batch);
    await report(batch, results);
    counts = countResults(results, counts);
    finished = batch.at(-1)?.line ?? finished;
    batch = [];
  };
  try {
    for await (const row of rows) {
      batch.push(row);
      if (batch.length === batchSize) await flush();
    }
    if (batch.length > 0) await flush();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const message = `stopped after line ${finished}; run the command again to continue`;
    throw new Error(`${message} (${error instanceof Error ? error.message : 'unknown error'})`, { cause: error });
  }
  await recordEnd(deps, caller, run, counts);
  return counts;
}

/** The rows without a problem go through the import together; each keeps its place. */
async function resultsOf(deps: ImportDeps, run: ImportRun, batch: readonly NumberedRow[]): Promise<RowResult[]> {
  const rows = batch.flatMap(({ row }) => (typeof row === 'string' ? [] : [row]));
  const imported = (await importBatch(deps, operatorCaller(), run, rows)).values();
  return batch.map(({ row }) => {
    if (typeof row !== 'string') return imported.next().value ?? failure('MALFORMED_JSON');
    return failure(row);
  });
}

function failure(reason: RowProblem): RowResult {
  return { externalId: null, outcome: 'FAILED', userId: null, reason, warnings: [] };
}

async function* readRows(
  texts: AsyncIterable<UserText>,
  source: Source,
  context: SourceContext,
): AsyncGenerator<NumberedRow> {
  let line = 0;
  for await (const text of texts) {
    line += 1;
    if (text !== '') yield { line, row: rowOf(text, source, context) };
  }
}

function rowOf(text: UserText, source: Source, context: SourceContext): ImportRow | RowProblem {
  if (typeof text !== 'string') return text.problem;
  try {
    const user: unknown = JSON.parse(text);
    return isMembers(user) && !hasRepeatedMember(text, user) ? source(user, context) : 'MALFORMED_JSON';
  } catch {
    return 'MALFORMED_JSON';
  }
}

async function openInput(terminal: Terminal, path: string): Promise<AsyncIterable<Buffer | string>> {
  if (path === '-') return terminal.input;
  const file = await open(path).catch(() => unreadable(path));
  const isFile = (await file.stat()).isFile();
  await file.close();
  return isFile ? createReadStream(path) : unreadable(path);
}

async function readHashConfig(path: string | undefined, sealer: Sealer): Promise<FirebaseKey | null> {
  if (path === undefined) return null;
  const text = await readFile(path, 'utf8').catch(() => unreadable(path));
  const key = keyIn(text, (plain) => sealer.seal(plain, firebaseId));
  if (key) return key;
  throw new UsageError(
    '--hash-config: needs base64_signer_key, base64_salt_separator, mem_cost and rounds as JSON, as the Firebase console shows them',
  );
}

function keyIn(text: string, seal: (plain: Buffer) => Buffer): FirebaseKey | null {
  try {
    const config: unknown = JSON.parse(text);
    return isMembers(config) ? readFirebaseKey(config, seal) : null;
  } catch {
    return null;
  }
}

function unreadable(path: string): never {
  throw new UsageError(`${path} cannot be read as a file`);
}

function reportLine(line: number, { externalId, outcome, userId, reason, warnings }: RowResult) {
  return { line, externalId, result: outcome, ...(userId && { userId }), ...(reason && { reason }), warnings };
}

function sentenceFor({ isDryRun }: ImportRun, { rows, created, linked, skipped, failed }: ImportCounts): string {
  const verb = isDryRun ? 'would be ' : '';
  return `${rows} users read: ${verb}${created} created, ${linked} linked, ${skipped} skipped, ${failed} failed.`;
}
