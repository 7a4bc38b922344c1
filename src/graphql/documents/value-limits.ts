/** Bounds the value of a variable. Values that do not match the type are left to variables.ts, which rejects them. */
import { type GraphQLInputType, isInputObjectType, isListType, isNonNullType } from 'graphql';
import {
  checkText,
  itemOf,
  longList,
  longObject,
  maxListItems,
  maxObjectDepth,
  maxObjectUnits,
  type Place,
  placeOf,
} from './bounds.ts';
import type { Report } from './problems.ts';

export function checkValue(value: unknown, type: GraphQLInputType, place: Place, report: Report): void {
  if (isNonNullType(type)) checkValue(value, type.ofType, place, report);
  else if (typeof value === 'string') checkText(value, type, place, report);
  else if (isListType(type)) checkItems(value, type.ofType, place, report);
  else if (typeof value === 'object' && value !== null) checkObject(value, type, place, report);
}

/** @param value a list, or its only item: graphql accepts that without a list */
function checkItems(value: unknown, type: GraphQLInputType, place: Place, report: Report): void {
  if (!Array.isArray(value)) checkValue(value, type, place, report);
  else if (value.length > maxListItems) report(longList(place));
  else for (const [index, item] of value.entries()) checkValue(item, type, itemOf(place, index), report);
}

function checkObject(value: object, type: GraphQLInputType, place: Place, report: Report): void {
  if (!isInputObjectType(type)) {
    checkFreeForm(value, place, report);
    return;
  }
  const given = new Map(Object.entries(value));
  for (const { name, type: fieldType } of Object.values(type.getFields()))
    if (given.has(name)) checkValue(given.get(name), fieldType, placeOf(place.path, name, fieldType), report);
}

/** Bounds the total text and the depth, without recursion. */
function checkFreeForm(root: object, place: Place, report: Report): void {
  const open: { value: unknown; depth: number }[] = [{ value: root, depth: 1 }];
  let units = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next;
    units += typeof value === 'string' ? value.length : 1;
    if (units > maxObjectUnits || depth > maxObjectDepth) {
      report(longObject(place));
      return;
    }
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value) && value.length > maxListItems) {
      report(longList(place));
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      units += key.length;
      open.push({ value: inner, depth: depth + 1 });
    }
  }
}
