/** `postern doctor`: runs the checks and prints one line for each finding. It changes nothing. */
import { openDoctor } from '../app/doctor.ts';
import { invalidSettings } from '../app/setting-findings.ts';
import { type Config, ConfigError, readConfig } from '../config/config.ts';
import { boundNameResolution } from '../config/environment.ts';
import { type NamedFinding, runChecks } from '../domain/operations/doctor/checks.ts';
import { type CheckName, checkNames } from '../domain/operations/doctor/names.ts';
import { normaliseEmail } from '../domain/text/email-address.ts';
import { explain } from './explain.ts';
import { exitCodes, type Terminal, UsageError } from './terminal.ts';

export interface DoctorCommand {
  json?: boolean;
  only?: CheckName;
  mailTo?: string;
}

export async function runDoctor(terminal: Terminal, { json, only, mailTo }: DoctorCommand): Promise<number> {
  if (mailTo !== undefined && normaliseEmail(mailTo) === null)
    throw new UsageError('--mail-to: enter an e-mail address, for example ada@example.com');
  const findings = await examine(terminal, only ? [only] : checkNames, mailTo ?? null);
  const code = exitCodeOf(findings);
  if (json) terminal.out(JSON.stringify({ ok: code === exitCodes.done, findings: findings.map(withoutSql) }));
  else for (const finding of findings) terminal.out(lineOf(finding));
  return code;
}

/** The output is a script for psql: everything but the statements is a comment. */
export async function runDatabaseDoctor(terminal: Terminal): Promise<number> {
  const findings = await examine(terminal, ['database'], null);
  for (const finding of findings) {
    terminal.out(`-- ${lineOf(finding)}`);
    for (const statement of finding.sql ?? []) terminal.out(`${statement};`);
  }
  return exitCodeOf(findings);
}

async function examine(
  { beforeExit }: Terminal,
  names: readonly CheckName[],
  mailTo: string | null,
): Promise<NamedFinding[]> {
  boundNameResolution();
  const config = readValidConfig();
  if (config instanceof ConfigError)
    return invalidSettings(config).map((finding) => ({ name: 'settings', ...finding }));
  const { deps, close } = await openDoctor(config, { mailTo, explain, beforeExit });
  try {
    return await runChecks(names, deps);
  } finally {
    // A connection that is broken already may fail to close.
    await close().catch(() => undefined);
  }
}

/** Without valid settings no other check can run. */
function readValidConfig(): Config | ConfigError {
  try {
    return readConfig();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

function exitCodeOf(findings: readonly NamedFinding[]): number {
  return findings.some(({ state }) => state === 'fail') ? exitCodes.failed : exitCodes.done;
}

/** One line, whatever a server has answered. */
function lineOf({ name, state, finding, remedy }: NamedFinding): string {
  const text = remedy === null ? finding : `${finding}: ${remedy}`;
  return `${state.padEnd(4)}  ${name.padEnd(10)}  ${text.replace(/[\s\p{Cc}]+/gu, ' ')}`;
}

function withoutSql({ name, state, finding, remedy }: NamedFinding) {
  return { name, state, finding, remedy };
}
