/** What a check of `postern doctor` reports: a state, one sentence about it, and what to do. */

export type FindingState = 'ok' | 'warn' | 'fail';

export interface Finding {
  state: FindingState;
  finding: string;
  /** The setting or the command that corrects it; null: nothing is to be done. */
  remedy: string | null;
  /** Statements that correct it, for `postern doctor database`. */
  sql?: readonly string[];
}

export function ok(finding: string): Finding {
  return { state: 'ok', finding, remedy: null };
}

export function warn(finding: string, remedy: string): Finding {
  return { state: 'warn', finding, remedy };
}

export function fail(finding: string, remedy: string, sql: readonly string[] = []): Finding {
  return { state: 'fail', finding, remedy, ...(sql.length > 0 && { sql }) };
}

/** @param sentence what is wrong and, after a colon, what to do */
export function failFrom(sentence: string): Finding {
  const [finding = sentence, ...remedy] = sentence.split(': ');
  return fail(finding, remedy.join(': ') || 'run the command again with --debug before its name');
}

/** The problems, or one good finding when there is none. */
export function problemsOr(problems: readonly (Finding | null)[], good: string): Finding[] {
  const found = problems.filter((problem) => problem !== null);
  return found.length > 0 ? found : [ok(good)];
}

/** @returns the count with the form that belongs to it, for example `1 event waits` */
export function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
