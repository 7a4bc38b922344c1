/** Reads the details of an entry, whose shape depends on the action and on the version that wrote it. */

export class Details {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: unknown) {
    this.#values = isRecord(values) ? values : {};
  }

  /** An empty text when the detail is absent. */
  text(key: string): string {
    const found = this.#values[key];
    return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
  }

  number(key: string): number {
    const found = this.#values[key];
    return typeof found === 'number' ? found : 0;
  }

  is(key: string): boolean {
    return this.#values[key] === true;
  }

  list(key: string): string[] {
    const found = this.#values[key];
    return Array.isArray(found) ? found.filter((item) => typeof item === 'string') : [];
  }

  inner(key: string): Details {
    return new Details(this.#values[key]);
  }

  has(key: string): boolean {
    return isRecord(this.#values[key]);
  }

  entries(): [string, unknown][] {
    return Object.entries(this.#values);
  }
}

export function isRecord(given: unknown): given is Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

/** @returns the items of `after` that `before` lacks, and the other way round */
export function changesOf(before: readonly string[], after: readonly string[]) {
  return {
    added: after.filter((item) => !before.includes(item)),
    removed: before.filter((item) => !after.includes(item)),
    kept: after.filter((item) => before.includes(item)),
  };
}
