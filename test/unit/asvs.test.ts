/** The table of docs/asvs.md: it has every requirement of the standard, and what it refers to exists. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const text = readFileSync(resolve(root, 'docs/asvs.md'), 'utf8');
const [table = '', leftOut = ''] = text.split('## What does not apply');

/** The number of requirements in each section of ASVS 5.0.0. */
const sections: Readonly<Record<string, readonly number[]>> = {
  V1: [2, 10, 12, 3, 3],
  V2: [3, 3, 5, 2],
  V3: [1, 3, 5, 8, 8, 1, 5],
  V4: [5, 5, 2, 4],
  V5: [1, 6, 3, 3],
  V6: [3, 12, 8, 6, 8, 4, 2, 4],
  V7: [3, 4, 2, 5, 3, 2],
  V8: [4, 4, 3, 2],
  V9: [3, 4],
  V10: [2, 3, 5, 16, 5, 2, 3],
  V11: [4, 5, 5, 4, 2, 2, 2],
  V12: [5, 2, 5],
  V13: [4, 6, 4, 7],
  V14: [2, 8, 3],
  V15: [5, 5, 7, 4],
  V16: [1, 5, 4, 3, 4],
  V17: [2, 8, 2],
};

const rows = [...table.matchAll(/^\| (\d+\.\d+\.\d+) \| (.*?) \| (.*?) \| (.*?) \| (.*?) \|$/gm)].map(
  ([, id = '', level = '', state = '', how = '', where = '']) => ({ id, level, state, how, where }),
);

test('every requirement is either in the table or among those that do not apply', () => {
  const all = Object.entries(sections).flatMap(([chapter, counts]) =>
    counts.flatMap((count, section) =>
      Array.from({ length: count }, (_, index) => `${chapter.slice(1)}.${section + 1}.${index + 1}`),
    ),
  );
  const [reasons = ''] = leftOut.split('## What the standard wants');
  const named = [...rows.map(({ id }) => id), ...(reasons.match(/\b\d+\.\d+\.\d+\b/g) ?? [])];
  expect(all).toHaveLength(345);
  expect(named.toSorted()).toEqual(all.toSorted());
});

test('every row has a level, a known state and a sentence, and a met row names a place', () => {
  for (const { id, level, state, how, where } of rows) {
    expect([id, level]).toEqual([id, expect.stringMatching(/^[123]$/)]);
    expect([id, state]).toEqual([id, expect.toBeOneOf(['met', 'part', 'operator', 'client', 'not'])]);
    expect([id, how]).toEqual([id, expect.stringMatching(/\S{2}/)]);
    if (state === 'met' || state === 'part') expect([id, where]).not.toEqual([id, '']);
  }
});

test('every named file exists', () => {
  const paths = [
    ...text.matchAll(
      /`((?:src|test|docs|schema|bench|migrations)\/[^`]+|[A-Z]\w+\.md|\.?\w+file|[\w-]+\.json|\.dockerignore)`/g,
    ),
  ];
  const named = [...new Set(paths.map(([, path = '']) => path))];
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter((path) => !existsSync(resolve(root, path)))).toEqual([]);
});

test('every linked section exists', () => {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading.toLowerCase().replaceAll(' ', '-'),
  );
  for (const [, anchor = ''] of text.matchAll(/\]\(#([\w-]+)\)/g)) expect(headings).toContain(anchor);
});
