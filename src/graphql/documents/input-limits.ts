/**
 * Bounds every string, list and free-form object of an operation, in variables, literals and defaults alike, before any
 * rule, normalisation, hash or query works on it. Units are UTF-16 code units.
 */
import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  type ValueNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { FieldProblem } from '../../domain/errors.ts';
import { maxPasswordUnits, maxReasonUnits, maxTextUnits } from '../../domain/text/text-limits.ts';
import { isOutOfRange, rangeAdvice } from '../date-time.ts';
import { firstProblems, type Report } from './problems.ts';

export const maxListItems = 100;
/** Strings and keys of a free-form object together, such as the `response` of a passkey. */
export const maxObjectUnits = 32_768;
const maxObjectDepth = 32;
const freeForm: ReadonlySet<string> = new Set(['JSONObject', '_Any']);

const unitsByField: Readonly<Record<string, number>> = {
  password: maxPasswordUnits,
  currentPassword: maxPasswordUnits,
  newPassword: maxPasswordUnits,
  reason: maxReasonUnits,
};

/** @returns the longest text that an argument or a field of an input takes, where that is not the usual 512 */
export function specialLimitOf(name: string, type: GraphQLInputType): number | null {
  if (freeForm.has(getNamedType(type).name)) return maxObjectUnits;
  return Object.hasOwn(unitsByField, name) ? (unitsByField[name] ?? null) : null;
}

export interface Operation {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
}

/** @returns at most five problems: what is too long, and where */
export function inputProblems({ schema, document, operation, variables }: Operation): FieldProblem[] {
  const types = new TypeInfo(schema);
  return firstProblems((report) => {
    const check = createCheck(operation, variables, report);
    const visitor = visitWithTypeInfo(types, {
      OperationDefinition: (node) => (node === operation ? undefined : false),
      Argument(node) {
        const type = types.getInputType();
        if (type) check(node.value, type, placeOf([], node.name.value, type));
        return false;
      },
    });
    visit(document, visitor);
  });
}

interface Place {
  path: readonly (string | number)[];
  maxUnits: number;
}

function placeOf(path: Place['path'], name: string, type: GraphQLInputType): Place {
  return { path: [...path, name], maxUnits: specialLimitOf(name, type) ?? maxTextUnits };
}

/** The check of a literal, which may hold variables. Each variable is looked at once for each bound that applies to it. */
function createCheck(operation: OperationDefinitionNode, variables: Operation['variables'], report: Report) {
  const checked = new Set<string>();

  function checkVariable(name: string, type: GraphQLInputType, { maxUnits }: Place): void {
    const key = `${name} ${maxUnits}`;
    if (checked.has(key)) return;
    checked.add(key);
    const place = { path: [name], maxUnits };
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value !== undefined) {
      checkValue(value, type, place, report);
      return;
    }
    const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
    if (definition?.defaultValue) checkLiteral(definition.defaultValue, type, place);
  }

  function checkLiteral(node: ValueNode, type: GraphQLInputType, place: Place): void {
    if (isNonNullType(type)) {
      checkLiteral(node, type.ofType, place);
      return;
    }
    if (node.kind === Kind.VARIABLE) {
      checkVariable(node.name.value, type, place);
      return;
    }
    if (node.kind === Kind.LIST) {
      if (node.values.length > maxListItems) {
        report(longList(place));
        return;
      }
      const itemType = isListType(type) ? type.ofType : type;
      for (const [index, item] of node.values.entries())
        checkLiteral(item, itemType, { ...place, path: [...place.path, index] });
      return;
    }
    if (isListType(type)) {
      checkLiteral(node, type.ofType, place);
      return;
    }
    if (node.kind === Kind.OBJECT) {
      if (node.loc && node.loc.end - node.loc.start > maxObjectUnits) {
        report(longObject(place));
        return;
      }
      const fields = isInputObjectType(type) ? type.getFields() : {};
      for (const { name, value } of node.fields) {
        const field = fields[name.value];
        if (field) checkLiteral(value, field.type, placeOf(place.path, field.name, field.type));
        else if (!isInputObjectType(type)) checkLiteral(value, type, place);
      }
      return;
    }
    if ('value' in node && typeof node.value === 'string') checkText(node.value, type, place, report);
  }

  return checkLiteral;
}

/** Looks at what the type has only: a field that is not of the type, or a list where none belongs, is refused unread. */
function checkValue(value: unknown, type: GraphQLInputType, place: Place, report: Report): void {
  if (isNonNullType(type)) {
    checkValue(value, type.ofType, place, report);
    return;
  }
  if (typeof value === 'string') {
    checkText(value, type, place, report);
    return;
  }
  if (isListType(type)) {
    if (!Array.isArray(value)) {
      checkValue(value, type.ofType, place, report);
      return;
    }
    if (value.length > maxListItems) {
      report(longList(place));
      return;
    }
    for (const [index, item] of value.entries())
      checkValue(item, type.ofType, { ...place, path: [...place.path, index] }, report);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (!isInputObjectType(type)) {
    checkObject(value, place, report);
    return;
  }
  const given = new Map(Object.entries(value));
  for (const { name, type: fieldType } of Object.values(type.getFields()))
    if (given.has(name)) checkValue(given.get(name), fieldType, placeOf(place.path, name, fieldType), report);
}

function checkText(text: string, type: GraphQLInputType, { path, maxUnits }: Place, report: Report): void {
  if (text.length > maxUnits)
    report({ path: path.join('.'), code: 'TOO_LONG', message: `Use at most ${maxUnits} UTF-16 units.` });
  else if (/\p{Surrogate}/u.test(text))
    report({ path: path.join('.'), code: 'INVALID_CHARACTERS', message: 'Send valid Unicode text.' });
  else if (getNamedType(type).name === 'DateTime' && isOutOfRange(text))
    report({ path: path.join('.'), code: 'OUT_OF_RANGE', message: rangeAdvice });
}

/** Free-form JSON: as much text in total, and as deep, as is allowed. */
function checkObject(root: object, place: Place, report: Report): void {
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

function longList({ path }: Place): FieldProblem {
  return { path: path.join('.'), code: 'TOO_LONG', message: `Send at most ${maxListItems} items.` };
}

function longObject({ path }: Place): FieldProblem {
  const message = `Use at most ${maxObjectUnits} UTF-16 units in total, at most ${maxObjectDepth} levels deep.`;
  return { path: path.join('.'), code: 'TOO_LONG', message };
}
