/**
 * Turns MikroORM's `?` into PostgreSQL's `$1`, and the values into parameters beside the text. MikroORM itself writes the
 * values into the text, and PostgreSQL logs the text of a statement that fails.
 */
import { isRaw, type RawQueryFragment, Utils } from '@mikro-orm/core';

export interface BoundQuery {
  text: string;
  values: readonly unknown[];
}

/** The part of MikroORM's platform that describes the SQL dialect. */
interface Dialect {
  quoteIdentifier(name: string): string;
}

/** A placeholder, an identifier, or a question mark that is part of an operator, as MikroORM escapes it. */
const placeholders = /\\\?|\?\??/g;

/** Reads a query as MikroORM's `formatQuery` does. */
export function bindQuery(dialect: Dialect, sql: string, parameters: readonly unknown[]): BoundQuery {
  const values: unknown[] = [];
  const text = parameters.length === 0 ? sql : write(dialect, sql, parameters, values);
  return { text, values };
}

function write(dialect: Dialect, sql: string, parameters: readonly unknown[], values: unknown[]): string {
  let next = 0;
  return sql.replace(placeholders, (found) => {
    if (found === '\\?') return '?';
    const parameter = parameters[next++];
    return found === '??' ? dialect.quoteIdentifier(String(parameter)) : writeValue(dialect, parameter, values);
  });
}

function writeValue(dialect: Dialect, value: unknown, values: unknown[]): string {
  if (isFragment(value)) return value.params.length > 0 ? write(dialect, value.sql, value.params, values) : value.sql;
  // A list of values, as in `in (?)`. The type of an array column has already converted its value to text.
  if (Array.isArray(value)) return value.map((item) => writeValue(dialect, item, values)).join(', ');
  // As a literal: PostgreSQL would have to infer the type of a parameter.
  if (value === null || value === undefined) return 'null';
  values.push(parameterOf(value));
  return `$${values.length}${castOf(value)}`;
}

/** Numbers and booleans keep the type that PostgreSQL gives to a literal; of everything else it infers the type. */
function castOf(value: unknown): string {
  if (typeof value === 'boolean') return '::boolean';
  if (typeof value === 'bigint') return '::bigint';
  if (typeof value !== 'number') return '';
  if (!Number.isInteger(value)) return '::numeric';
  if (Math.abs(value) <= 2_147_483_647) return '::integer';
  return Number.isSafeInteger(value) ? '::bigint' : '::numeric';
}

function parameterOf(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint') return value.toString();
  return Utils.isPlainObject(value) ? JSON.stringify(value) : value;
}

function isFragment(value: unknown): value is RawQueryFragment {
  return isRaw(value);
}
