/** Migrations (migrations/) that run beside requests: an index of a large table is created concurrently. */
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { migrationsList } from '../../migrations/index.ts';

const folder = new URL('../../migrations/', import.meta.url);

/** The newest migration of the first version, whose tables were empty. */
const lastInitial = '20261121070000';

const largeTables = [
  'access_denials',
  'attempt_counters',
  'audit_entries',
  'audit_seals',
  'mail_tokens',
  'mfa_tickets',
  'outbox_mails',
  'passkeys',
  'registrations',
  'token_families',
  'users',
];

/** @returns the tables whose writes wait while the statements create an index */
function blockedTables(sql: string): string[] {
  const indexes = sql.matchAll(
    /create\s+(?:unique\s+)?index\s+(?!concurrently\b)[^`;]*?\bon\s+(?:only\s+)?"?(\w+)"?/gi,
  );
  const isNew = (table: string) => new RegExp(`create table "?${table}\\b`, 'i').test(sql);
  return [...indexes].flatMap(([, table = '']) => (largeTables.includes(table) && !isNew(table) ? [table] : []));
}

const files = (await readdir(folder)).filter((name) => /^\d{14}-/.test(name));

test.each(files.filter((name) => name.slice(0, 14) > lastInitial))(
  'creates no index on a large table that blocks writes: %s',
  async (name) => {
    expect(blockedTables(await readFile(new URL(name, folder), 'utf8'))).toEqual([]);
  },
);

test.each([
  'create index i on users (id)',
  'create unique index "i" on "users" ("id")',
  'CREATE  INDEX\n"i"\nON "users" ("id")',
  'create index on users (id)',
  'create index if not exists i on only users using gin (x)',
])('a blocking index is found: %s', (sql) => expect(blockedTables(sql)).toEqual(['users']));

test.each([
  'create index concurrently i on users (id)',
  'create index i on roles (name)',
  'create table "users" (id uuid); create index i on users (id)',
])('a harmless index is accepted: %s', (sql) => expect(blockedTables(sql)).toEqual([]));

/** @returns the constraints that PostgreSQL checks, or builds an index for, while writes of a large table wait */
function blockingConstraints(sql: string): string[] {
  const added = sql.matchAll(/alter table "?(\w+)"? add constraint "?(\w+)"?([^`;]*)/gi);
  return [...added].flatMap(([, table = '', name = '', definition = '']) => {
    const isBrief = /\bnot valid\b|\busing index\b/i.test(definition);
    return isBrief || !largeTables.includes(table) ? [] : [name];
  });
}

test.each(files.filter((name) => name.slice(0, 14) > lastInitial))(
  'adds no constraint to a large table that blocks writes: %s',
  async (name) => {
    expect(blockingConstraints(await readFile(new URL(name, folder), 'utf8'))).toEqual([]);
  },
);

test.each([
  'alter table "users" add constraint "c" check (x > 0)',
  'alter table users add constraint c foreign key (x) references y (id) on delete set null',
  'ALTER TABLE users ADD CONSTRAINT c UNIQUE (x)',
])('a blocking constraint is found: %s', (sql) => expect(blockingConstraints(sql)).toEqual(['c']));

test.each([
  'alter table users add constraint c check (x > 0) not valid',
  'alter table users add constraint c unique using index c',
  'alter table roles add constraint c check (x > 0)',
])('a harmless constraint is accepted: %s', (sql) => expect(blockingConstraints(sql)).toEqual([]));

test('every file is listed once, in the order of the names', () => {
  expect(migrationsList.map(({ name }) => `${name}.ts`)).toEqual(files.toSorted());
});
