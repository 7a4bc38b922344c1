/** Keyset pages (domain/page.ts): their start and length, and invalid requests. */
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../../src/domain/errors.ts';
import {
  cursorOf,
  type Page,
  type PageRequest,
  type PageSource,
  type Place,
  pageOf,
  readPage,
  readSortedPage,
  type Slice,
  type SortedSource,
} from '../../src/domain/page.ts';

/** Newest first. */
const ids = Array.from({ length: 205 }, (_, age) => uuidv7({ msecs: 1_800_000_000_000 - age }));

type Asked = Slice;

interface Row {
  id: string;
}

function listOf(rows: readonly string[], asked: Asked[] = []): PageSource<Row, Row> {
  return {
    async find(slice) {
      asked.push(slice);
      const { $lt = 'g', $gt = '' } = slice.keyset.id ?? {};
      const inOrder = slice.orderBy.id === 'desc' ? rows : rows.toReversed();
      return inOrder
        .filter((id) => $gt < id && id < $lt)
        .slice(0, slice.limit)
        .map((id) => ({ id }));
    },
    count: async () => rows.length,
    toNode: ({ id }) => ({ id }),
  };
}

const cursorById = (id: string) => cursorOf({ key: '', id });
const idsOf = ({ nodes }: Page<Row>) => nodes.map(({ id }) => id);
const cursorAt = (index: number) => cursorById(ids[index] ?? '');

async function problemsOf(request: PageRequest): Promise<unknown> {
  const asked: Asked[] = [];
  const error: unknown = await readPage(request, listOf(ids, asked)).catch((reason: unknown) => reason);
  if (!(error instanceof Refusal)) throw new Error('the page was given');
  expect(error.code).toBe('BAD_USER_INPUT');
  expect(asked).toEqual([]);
  return error.options.fields?.map(({ path, code }) => ({ path, code }));
}

describe('a page', () => {
  test.each([{}, { first: null, after: null }, { first: undefined }, { after: '' }])(
    'is the newest twenty by default (%j)',
    async (request) => {
      const page = await readPage(request, listOf(ids));
      expect(idsOf(page)).toEqual(ids.slice(0, 20));
      expect(page).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    },
  );

  test.each([0, 1, 2, 99, 100])('has the requested length: %i', async (first) => {
    expect(idsOf(await readPage({ first }, listOf(ids)))).toEqual(ids.slice(0, first));
  });

  test('starts after its cursor', async () => {
    const page = await readPage({ first: 3, after: cursorAt(9) }, listOf(ids));
    expect(idsOf(page)).toEqual(ids.slice(10, 13));
    expect(page).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  test('reads one row more than it shows, and nothing before its cursor', async () => {
    const asked: Asked[] = [];
    await readPage({ first: 7, after: cursorAt(4) }, listOf(ids, asked));
    expect(asked).toEqual([{ keyset: { id: { $lt: ids[4] } }, orderBy: { id: 'desc' }, limit: 8 }]);
  });

  test('at the end of the list has no next page', async () => {
    const exact = await readPage({ first: 5, after: cursorAt(199) }, listOf(ids));
    expect(idsOf(exact)).toEqual(ids.slice(200));
    expect(exact.hasNextPage).toBe(false);
    expect((await readPage({ first: 4, after: cursorAt(199) }, listOf(ids))).hasNextPage).toBe(true);
  });

  test('after the last row is empty', async () => {
    const page = await readPage({ after: cursorAt(204) }, listOf(ids));
    expect(page).toMatchObject({ nodes: [], hasNextPage: false, hasPreviousPage: true });
  });

  test('of an empty list is empty', async () => {
    const page = await readPage({}, listOf([]));
    expect(page).toMatchObject({ nodes: [], hasNextPage: false, hasPreviousPage: false });
    expect(await page.count()).toBe(0);
  });

  test('is not shifted by rows added or removed meanwhile', async () => {
    const newer = uuidv7({ msecs: 1_800_000_000_001 });
    const changed = [newer, ...ids.slice(1)];
    const withoutCursorRow = changed.filter((id) => id !== ids[9]);
    for (const rows of [changed, withoutCursorRow]) {
      expect(idsOf(await readPage({ first: 3, after: cursorAt(9) }, listOf(rows)))).toEqual(ids.slice(10, 13));
    }
  });

  test('counts the whole list on request only', async () => {
    let counted = 0;
    const source = {
      ...listOf(ids),
      async count() {
        counted += 1;
        return ids.length;
      },
    };
    const page = await readPage({ first: 1, after: cursorAt(3) }, source);
    expect(counted).toBe(0);
    expect(await page.count()).toBe(205);
  });

  test('after page shows each row once', async () => {
    const seen: string[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const page: Page<Row> = await readPage({ first: 50, after }, listOf(ids));
      seen.push(...idsOf(page));
      after = page.hasNextPage ? cursorById(seen.at(-1) ?? '') : null;
    }
    expect(seen).toEqual(ids);
  });
});

describe('a request', () => {
  test.each([-1, 101, 1_000_000, -2_147_483_648])('for %i rows is refused', async (first) => {
    expect(await problemsOf({ first })).toEqual([{ path: 'first', code: 'OUT_OF_RANGE' }]);
  });

  test.each([
    ['a word', 'tomorrow'],
    ['an id instead of a cursor', ids[0] ?? ''],
    ['a cursor cut short', cursorAt(0).slice(0, -2)],
    ['a cursor with a suffix', `${cursorAt(0)}AAAA`],
    ['SQL', "' or 1=1 --"],
    ['an operator object as text', '{"$gt":""}'],
    ['a very long text', 'A'.repeat(10_000)],
    ['characters beyond ASCII', '€€€€'],
  ])('with %s as a cursor is refused', async (_what, after) => {
    expect(await problemsOf({ after })).toEqual([{ path: 'after', code: 'INVALID_CURSOR' }]);
  });

  test('with two mistakes reports both', async () => {
    expect(await problemsOf({ first: -1, after: 'x' })).toEqual([
      { path: 'first', code: 'OUT_OF_RANGE' },
      { path: 'after', code: 'INVALID_CURSOR' },
    ]);
  });
});

test('a cursor is URL-safe, short, and different for each row', () => {
  const cursors = ids.map(cursorById);
  expect(new Set(cursors).size).toBe(ids.length);
  for (const cursor of cursors) expect(cursor).toMatch(/^[A-Za-z0-9_-]{22}$/);
});

describe('a page from the end', () => {
  test('has the last rows of the list, in the order of the list', async () => {
    const page = await readPage({ last: 3 }, listOf(ids));
    expect(idsOf(page)).toEqual(ids.slice(-3));
    expect(page).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  test('runs from a cursor back to the start of the list', async () => {
    const page = await readPage({ last: 3, before: cursorAt(5) }, listOf(ids));
    expect(idsOf(page)).toEqual(ids.slice(2, 5));
    expect(page).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    const first = await readPage({ last: 3, before: cursorAt(2) }, listOf(ids));
    expect(idsOf(first)).toEqual(ids.slice(0, 2));
    expect(first.hasPreviousPage).toBe(false);
  });

  test('lies between two cursors when both are given', async () => {
    expect(idsOf(await readPage({ first: 9, after: cursorAt(1), before: cursorAt(4) }, listOf(ids)))).toEqual(
      ids.slice(2, 4),
    );
  });

  test('is refused with both first and last, and with an invalid cursor', async () => {
    expect(await problemsOf({ first: 1, last: 1 })).toEqual([{ path: 'last', code: 'CONTRADICTION' }]);
    expect(await problemsOf({ last: -1, before: 'x' })).toEqual([
      { path: 'last', code: 'OUT_OF_RANGE' },
      { path: 'before', code: 'INVALID_CURSOR' },
    ]);
  });
});

describe('a page by sort key', () => {
  /** By letter, then by id among equal letters. */
  const letters = ids.slice(0, 12).map((id, index) => ({ id, key: 'aabbbcdddeff'[index] ?? '' }));
  const ordered = letters.toSorted((a, b) => (a.key + a.id < b.key + b.id ? -1 : 1));
  const source: SortedSource<(typeof letters)[number], Row> = {
    async find({ after, before, backwards, limit }) {
      const rank = ({ key, id }: Place) => key + id;
      const between = ordered.filter(
        (row) => (!after || rank(row) > rank(after)) && (!before || rank(row) < rank(before)),
      );
      return (backwards ? between.toReversed() : between).slice(0, limit);
    },
    count: async () => ordered.length,
    placeOf: (row) => row,
    isKey: (key) => /^[a-f]$/.test(key),
    toNode: ({ id }) => ({ id }),
  };
  const inOrder = ordered.map(({ id }) => id);

  test('continues after the key and the id of its cursor, forwards and backwards', async () => {
    const first = await readSortedPage({ first: 4 }, source);
    expect(idsOf(first)).toEqual(inOrder.slice(0, 4));
    const next = await readSortedPage({ first: 4, after: first.edges.at(-1)?.cursor }, source);
    expect(idsOf(next)).toEqual(inOrder.slice(4, 8));
    const back = await readSortedPage({ last: 3, before: next.edges[0]?.cursor }, source);
    expect(idsOf(back)).toEqual(inOrder.slice(1, 4));
    expect(back).toMatchObject({ hasPreviousPage: true, hasNextPage: true });
  });

  test.each([
    ['without a key', cursorOf({ key: '', id: ids[0] ?? '' })],
    ['with a key of another order', cursorOf({ key: '2030', id: ids[0] ?? '' })],
  ])('refuses a cursor %s', async (_what, after) => {
    const error: unknown = await readSortedPage({ after }, source).catch((reason: unknown) => reason);
    expect(error instanceof Refusal && error.options.fields).toMatchObject([{ path: 'after', code: 'INVALID_CURSOR' }]);
  });

  test('keeps any key in its cursor', () => {
    const keys = ['', 'a', 'ü@пример.рф', '1893456000000123', '\\%_'];
    expect(new Set(keys.map((key) => cursorOf({ key, id: ids[0] ?? '' }))).size).toBe(keys.length);
  });
});

test('a page of rows in memory is cut as the database would', async () => {
  const rows = ids.map((id) => ({ id }));
  for (const request of [{}, { first: 3, after: cursorAt(9) }, { last: 3 }, { last: 3, before: cursorAt(5) }]) {
    const [cut, read] = [await pageOf(request, rows), await readPage(request, listOf(ids))];
    expect({ ...cut, count: await cut.count() }).toEqual({ ...read, count: await read.count() });
  }
});
