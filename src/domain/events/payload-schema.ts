/** Members of a payload: each is the JSON Schema that is published, and the type that the compiler checks. */

/** JSON Schema 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export interface Member<Value> {
  schema: JsonSchema;
  /** Never set: it carries the type. */
  value?: Value;
}

export type Members = Readonly<Record<string, Member<unknown>>>;

export type DataOf<Shape extends Members> = {
  [Name in keyof Shape]: Shape[Name] extends Member<infer Value> ? Value : never;
};

export function text(description: string): Member<string> {
  return { schema: { type: 'string', description } };
}

export function id(description: string): Member<string> {
  return { schema: { type: 'string', format: 'uuid', description } };
}

/** ISO 8601 in UTC. */
export function time(description: string): Member<string> {
  return { schema: { type: 'string', format: 'date-time', description } };
}

export function integer(description: string): Member<number> {
  return { schema: { type: 'integer', description } };
}

export function oneOf<const Value extends string>(values: readonly Value[], description: string): Member<Value> {
  return { schema: { type: 'string', enum: [...values], description } };
}

export function texts(description: string): Member<readonly string[]> {
  return { schema: { type: 'array', items: { type: 'string' }, description } };
}

export function orNull<Value>({ schema }: Member<Value>): Member<Value | null> {
  const values = Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {};
  return { schema: { ...schema, type: [schema.type, 'null'], ...values } };
}
