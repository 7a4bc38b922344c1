/** Rows as one parameter of a statement that writes to several tables. */

export interface JsonTable<Row> {
  /**
   * @param parameter such as `$1`, with the value of `valueOf`
   * @param source a part of the `with` clause; the rows are inserted when it has a row
   * @param computed SQL that replaces the value of a property, for example `source.user_id`
   * @returns an `insert` whose rows are named `r`, open for a condition and `returning`
   */
  insert(parameter: string, source: string, computed?: { readonly [Property in keyof Row]?: string }): string;
  valueOf(rows: readonly Row[]): string;
}

/** @param columns the column of each property; other columns get their default */
export function jsonTable<Row extends object>(
  name: string,
  columns: Readonly<Record<keyof Row & string, string>>,
): JsonTable<Row> {
  const columnOf = new Map(Object.entries<string>(columns));
  const names = [...columnOf.values()];
  return {
    insert: (parameter, source, computed) =>
      `insert into ${name} (${names.join(', ')}) select ${valuesOf(columnOf, { ...computed })}
       from ${source}, jsonb_populate_recordset(null::${name}, ${parameter}) r`,
    valueOf: (rows) => JSON.stringify(rows.map((row) => withColumns(row, columnOf))),
  };
}

function valuesOf(
  columnOf: ReadonlyMap<string, string>,
  computed: Readonly<Record<string, string | undefined>>,
): string {
  return [...columnOf].map(([property, column]) => computed[property] ?? `r.${column}`).join(', ');
}

function withColumns(row: object, columnOf: ReadonlyMap<string, string>): Record<string, unknown> {
  const entries = Object.entries<unknown>({ ...row });
  return Object.fromEntries(entries.map(([property, value]) => [columnOf.get(property), toJson(value)]));
}

/** PostgreSQL's text for bytes. JSON carries the rest. */
function toJson(value: unknown): unknown {
  return Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : value;
}
