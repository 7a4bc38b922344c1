/** The change of an entry as lines: fields before and after, lists by their changed items. */
import { changesOf, isRecord } from './sentences/details.ts';

export interface DiffField {
  field: string;
  /** What was removed or replaced. */
  before: string[];
  after: string[];
  /** The items of a list that are the same. */
  kept: string[];
}

/** @returns null when the details hold no state before or after */
export function diffOf(details: Readonly<Record<string, unknown>>): DiffField[] | null {
  const [before, after] = [details.before, details.after];
  if (!isRecord(before) && !isRecord(after)) return null;
  const [was, is] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((field) => {
    const line = fieldOf(field, was[field], is[field]);
    return line.before.length + line.after.length > 0 ? [line] : [];
  });
}

function fieldOf(field: string, was: unknown, is: unknown): DiffField {
  if (Array.isArray(was) || Array.isArray(is)) {
    const { added, removed, kept } = changesOf(itemsOf(was), itemsOf(is));
    return { field, before: removed, after: added, kept };
  }
  if (was === is) return { field, before: [], after: [], kept: [] };
  return { field, before: valuesOf(was), after: valuesOf(is), kept: [] };
}

function itemsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.map(written) : [];
}

/** Undefined: the side has no such field. */
function valuesOf(found: unknown): string[] {
  return found === undefined ? [] : [found === null ? '' : written(found)];
}

function written(found: unknown): string {
  return typeof found === 'string' ? found : JSON.stringify(found);
}
