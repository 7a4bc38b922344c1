/** What no code may use, because a transaction pooler gives each transaction another session. */
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const source = resolve(import.meta.dirname, '../../src');

/** Each with the files that may use it: they connect to PostgreSQL itself. */
const rules: readonly (readonly [what: string, pattern: RegExp, allowed: readonly string[]])[] = [
  ['a lock of the session', /pg_(?:try_)?advisory_lock\(/, ['persistence/migrate.ts']],
  ['listen and notify', /['"`]\s*(?:un)?listen\s|pg_notify\(|['"`]\s*notify\s/i, []],
  ['a temporary table', /create\s+temp(?:orary)?\s+table/i, []],
  ['a cursor', /['"`]\s*declare\s+\w+\s+(?:\w+\s+)*cursor/i, []],
  ['a prepared statement of SQL', /['"`]\s*prepare\s+\w+/i, []],
  ['a setting of the session', /execute\(\s*['"`]\s*set\s+(?!local\b)/i, ['persistence/migrate.ts']],
];

test.each(rules)('No code uses %s behind a pooler', async (_what, pattern, allowed) => {
  const names = (await readdir(source, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const found: string[] = [];
  for (const name of names) if (pattern.test(await readFile(join(source, name), 'utf8'))) found.push(name);
  expect(found.sort()).toEqual([...allowed]);
});
