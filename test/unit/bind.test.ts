/** Converts MikroORM's placeholders to PostgreSQL's parameters. */
import { raw } from '@mikro-orm/core';
import { describe, expect, test } from 'vitest';
import { bindQuery } from '../../src/persistence/connection/bind.ts';

const dialect = { quoteIdentifier: (name: string) => `"${name}"` };
const bind = (sql: string, values: readonly unknown[]) => bindQuery(dialect, sql, values);

describe('values', () => {
  test('become parameters in order', () => {
    expect(bind('select * from t where a = ? and b = ?', ['x', "y'z"])).toEqual({
      text: 'select * from t where a = $1 and b = $2',
      values: ['x', "y'z"],
    });
  });

  test('keep the type of a literal', () => {
    const { text, values } = bind('? ? ? ? ?', [1, 2 ** 40, 1.5, true, 5n]);
    expect(text).toBe('$1::integer $2::bigint $3::numeric $4::boolean $5::bigint');
    expect(values).toEqual([1, 2 ** 40, 1.5, true, '5']);
  });

  test('that are lists expand', () => {
    expect(bind('a in (?) and b = ?', [['x', 'y'], 'z'])).toEqual({
      text: 'a in ($1, $2) and b = $3',
      values: ['x', 'y', 'z'],
    });
    expect(bind('(a, b) in (?)', [['x', ['y', 'z']]]).text).toBe('(a, b) in ($1, $2, $3)');
  });

  test('that are times, bytes and objects keep their type', () => {
    const bytes = Buffer.from('00ff', 'hex');
    const { values } = bind('? ? ?', [new Date(0), bytes, { a: '?' }]);
    expect(values).toEqual(['1970-01-01T00:00:00.000Z', bytes, '{"a":"?"}']);
  });

  test('that are absent are null', () => {
    expect(bind('a = ? and b is ?', [undefined, null])).toEqual({ text: 'a = null and b is null', values: [] });
  });

  test('that contain placeholders are not parsed again', () => {
    expect(bind('a = ? and b = ?', ['?', '$1'])).toEqual({ text: 'a = $1 and b = $2', values: ['?', '$1'] });
  });
});

test('identifiers, operators and fragments are text', () => {
  expect(bind('select ?? from t where a \\? ? and b = ?', ['c', 'd', raw('lower(?)', ['E'])])).toEqual({
    text: 'select "c" from t where a ? $1 and b = lower($2)',
    values: ['d', 'E'],
  });
});

test('a query without values stays as it is', () => {
  expect(bind("select '?'", [])).toEqual({ text: "select '?'", values: [] });
});
