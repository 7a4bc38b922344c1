/** The bounds of one value of an operation, wherever it is written. Units are UTF-16 code units. */
import { type GraphQLInputType, getNamedType } from 'graphql';
import type { FieldProblem } from '../../domain/errors.ts';
import { maxPasswordUnits, maxReasonUnits, maxTextUnits } from '../../domain/text/text-limits.ts';
import { isOutOfRange, rangeAdvice } from '../date-time.ts';
import type { Report } from './problems.ts';

export const maxListItems = 100;
/** Strings and keys of a free-form object together, such as the `response` of a passkey. */
export const maxObjectUnits = 32_768;
export const maxObjectDepth = 32;
const freeForm: ReadonlySet<string> = new Set(['JSONObject', '_Any']);

const maxTokenUnits = 8192;
const maxUrlUnits = 2000;
const maxWebhookUrlUnits = 2048;

const unitsByField: Readonly<Record<string, number>> = {
  password: maxPasswordUnits,
  currentPassword: maxPasswordUnits,
  newPassword: maxPasswordUnits,
  reason: maxReasonUnits,
  idToken: maxTokenUnits,
  returnTo: maxUrlUnits,
  url: maxWebhookUrlUnits,
};

/** @returns the maximum length of an argument or input field; null: the usual 512 */
export function specialLimitOf(name: string, type: GraphQLInputType): number | null {
  if (freeForm.has(getNamedType(type).name)) return maxObjectUnits;
  return Object.hasOwn(unitsByField, name) ? (unitsByField[name] ?? null) : null;
}

/** Where a value is, and the maximum length of its text. */
export interface Place {
  path: readonly (string | number)[];
  maxUnits: number;
}

export function placeOf(path: Place['path'], name: string, type: GraphQLInputType): Place {
  return { path: [...path, name], maxUnits: specialLimitOf(name, type) ?? maxTextUnits };
}

export function itemOf(place: Place, index: number): Place {
  return { ...place, path: [...place.path, index] };
}

export function checkText(text: string, type: GraphQLInputType, { path, maxUnits }: Place, report: Report): void {
  if (text.length > maxUnits)
    report({ path: path.join('.'), code: 'TOO_LONG', message: `Use at most ${maxUnits} UTF-16 units.` });
  else if (/\p{Surrogate}/u.test(text))
    report({ path: path.join('.'), code: 'INVALID_CHARACTERS', message: 'Send valid Unicode text.' });
  else if (getNamedType(type).name === 'DateTime' && isOutOfRange(text))
    report({ path: path.join('.'), code: 'OUT_OF_RANGE', message: rangeAdvice });
}

export function longList({ path }: Place): FieldProblem {
  return { path: path.join('.'), code: 'TOO_LONG', message: `Send at most ${maxListItems} items.` };
}

export function longObject({ path }: Place): FieldProblem {
  const message = `Use at most ${maxObjectUnits} UTF-16 units in total, at most ${maxObjectDepth} levels deep.`;
  return { path: path.join('.'), code: 'TOO_LONG', message };
}
