/** Reads search parameters of an address. Values that do not fit are dropped: an address may come from anywhere. */

export type Params = Readonly<Record<string, unknown>>;

/** The text, or undefined when there is none or it is too long. */
export function textParam(value: unknown, maxLength = 200): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' && text.length <= maxLength ? text : undefined;
}

/** The value when it is one of these, otherwise undefined. */
export function choiceParam<Choice extends string>(value: unknown, choices: readonly Choice[]): Choice | undefined {
  return choices.find((choice) => choice === value);
}

/** The object without undefined values, which an address would show. */
export function defined<Value extends object>(value: Value): { [Key in keyof Value]?: Exclude<Value[Key], undefined> };
export function defined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined));
}
