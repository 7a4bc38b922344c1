/** Bounds a literal of a document, and the variables in it. */
import {
  type GraphQLInputType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  type ListValueNode,
  type ObjectValueNode,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql';
import {
  checkText,
  itemOf,
  longList,
  longObject,
  maxListItems,
  maxObjectUnits,
  type Place,
  placeOf,
} from './bounds.ts';
import type { Report } from './problems.ts';
import { checkValue } from './value-limits.ts';

export class LiteralCheck {
  readonly #operation: OperationDefinitionNode;
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #report: Report;
  /** Each variable is checked once for each bound that applies to it. */
  readonly #checked = new Set<string>();

  constructor(operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>, report: Report) {
    this.#operation = operation;
    this.#variables = variables;
    this.#report = report;
  }

  check(node: ValueNode, type: GraphQLInputType, place: Place): void {
    if (isNonNullType(type)) this.check(node, type.ofType, place);
    else if (node.kind === Kind.VARIABLE) this.#checkVariable(node.name.value, type, place);
    else if (node.kind === Kind.LIST) this.#checkItems(node, isListType(type) ? type.ofType : type, place);
    else if (isListType(type)) this.check(node, type.ofType, place);
    else if (node.kind === Kind.OBJECT) this.#checkObject(node, type, place);
    else if ('value' in node && typeof node.value === 'string') checkText(node.value, type, place, this.#report);
  }

  #checkVariable(name: string, type: GraphQLInputType, { maxUnits }: Place): void {
    const key = `${name} ${maxUnits}`;
    if (this.#checked.has(key)) return;
    this.#checked.add(key);
    const place = { path: [name], maxUnits };
    const value = Object.hasOwn(this.#variables, name) ? this.#variables[name] : undefined;
    if (value !== undefined) {
      checkValue(value, type, place, this.#report);
      return;
    }
    const definition = this.#operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
    if (definition?.defaultValue) this.check(definition.defaultValue, type, place);
  }

  #checkItems({ values }: ListValueNode, type: GraphQLInputType, place: Place): void {
    if (values.length > maxListItems) this.#report(longList(place));
    else for (const [index, item] of values.entries()) this.check(item, type, itemOf(place, index));
  }

  #checkObject({ fields, loc }: ObjectValueNode, type: GraphQLInputType, place: Place): void {
    if (loc && loc.end - loc.start > maxObjectUnits) {
      this.#report(longObject(place));
      return;
    }
    const known = isInputObjectType(type) ? type.getFields() : {};
    for (const { name, value } of fields) {
      const field = known[name.value];
      if (field) this.check(value, field.type, placeOf(place.path, field.name, field.type));
      else if (!isInputObjectType(type)) this.check(value, type, place);
    }
  }
}
