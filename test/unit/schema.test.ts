/** The schema (graphql/schema.ts, graphql/sdl.ts): the permission map covers it, the committed SDL is it, and all of it is described. */
import { readFile } from 'node:fs/promises';
import {
  buildSchema,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';
import { rule } from 'graphql-shield';
import { describe, expect, test } from 'vitest';
import { publicMessages } from '../../src/domain/errors.ts';
import { fieldRules, openFields, operations } from '../../src/graphql/permissions.ts';
import { assertCovered, buildGuardedSchema, buildTypes } from '../../src/graphql/schema.ts';
import { printSdl } from '../../src/graphql/sdl.ts';

/** What counts is not judged here. */
const unlimited = () => rule()(() => true);

describe('the boot check', () => {
  const schema = buildSchema(`
    type Query { viewer: Viewer, policy: Policy }
    type Mutation { login(input: LoginInput): Viewer }
    type Viewer { id: ID }
    type Policy { min: Int, max: Int }
    input LoginInput { email: String }
    enum Colour { RED }
    union Result = Viewer | Policy
  `);
  const rules = { Query: { viewer: 'a rule', policy: 'a rule' }, Mutation: { login: 'a rule' } };
  const open = { Viewer: 'id', Policy: 'min max' };

  test('a map that covers everything passes', () => {
    expect(() => assertCovered(schema, rules, open)).not.toThrow();
    expect(() =>
      assertCovered(schema, rules, { Viewer: 'id', Policy: 'min' }, { Policy: { max: 'a rule' } }),
    ).not.toThrow();
  });

  test.each<[string, Parameters<typeof assertCovered>[1], Readonly<Record<string, string>>, string]>([
    ['a type without an entry', rules, { Viewer: 'id' }, 'no rule for Policy.min, Policy.max'],
    ['a field without an entry', rules, { ...open, Policy: 'min' }, 'no rule for Policy.max'],
    ['an operation without a rule', { ...rules, Query: { viewer: 'a rule' } }, open, 'no rule for Query.policy'],
    [
      'an operation whose rule is undefined',
      { ...rules, Mutation: { login: undefined } },
      open,
      'no rule for Mutation.login',
    ],
    ['an operation whose rule is null', { ...rules, Mutation: { login: null } }, open, 'no rule for Mutation.login'],
    ['a whole root type left out', { Query: rules.Query }, open, 'no rule for Mutation.login'],
    ['a root type without rules', { ...rules, Mutation: {} }, open, 'no rule for Mutation.login'],
    ['an entry for a type that is not there', rules, { ...open, Role: 'name' }, 'nothing in the schema for Role.name'],
    [
      'an entry for a field that is not there',
      rules,
      { ...open, Viewer: 'id ip' },
      'nothing in the schema for Viewer.ip',
    ],
    [
      'a rule for a field that is not there',
      { ...rules, Query: { ...rules.Query, users: 'a rule' } },
      open,
      'nothing in the schema for Query.users',
    ],
    [
      'rules for a type that is not there',
      { ...rules, Subscription: { ticks: 'a rule' } },
      open,
      'nothing in the schema for Subscription.ticks',
    ],
    ['an operation declared open beside its rule', rules, { ...open, Query: 'viewer' }, 'two entries for Query.viewer'],
    [
      'an input type declared open',
      rules,
      { ...open, LoginInput: 'email' },
      'nothing in the schema for LoginInput.email',
    ],
  ])('%s stops the start', (_what, operationRules, openOnes, message) => {
    expect(() => assertCovered(schema, operationRules, openOnes)).toThrow(message);
  });

  test.each([
    ['a field that is ruled and open', open, { Policy: { max: 'a rule' } }, 'two entries for Policy.max'],
    [
      'a field whose rule is undefined',
      { ...open, Policy: 'min' },
      { Policy: { max: undefined } },
      'no rule for Policy.max',
    ],
    ['a rule for a field that is not there', open, { Viewer: { ip: 'a rule' } }, 'nothing in the schema for Viewer.ip'],
  ])('%s stops the start', (_what, openOnes, rulesOfFields, message) => {
    expect(() => assertCovered(schema, rules, openOnes, rulesOfFields)).toThrow(message);
  });

  test('everything that does not fit is named at once, both ways', () => {
    expect(() => assertCovered(schema, { Query: { users: 'a rule' }, Mutation: {} }, { Role: 'name' })).toThrow(
      'no rule for Query.viewer, Query.policy, Mutation.login, Viewer.id, Policy.min, Policy.max; nothing in the schema for Role.name, Query.users',
    );
  });

  test('the map that we ship covers the schema that we ship', () => {
    expect(() => buildGuardedSchema(unlimited)).not.toThrow();
  });

  test('no operation is open, so that each has its line', () => {
    expect(Object.keys(openFields)).not.toContain('Query');
    expect(Object.keys(openFields)).not.toContain('Mutation');
    expect(Object.keys(operations(unlimited))).toEqual(['Query', 'Mutation']);
  });

  const shipped = buildTypes();
  const places = Object.entries(openFields).flatMap(([type, fields]) =>
    fields.split(' ').map((field) => ({ type, field })),
  );
  test.each(places)('without its entry for $type.$field the start fails', ({ type, field }) => {
    const others = places.filter((place) => place.type === type && place.field !== field);
    const without = { ...openFields, [type]: others.map((place) => place.field).join(' ') };
    expect(() => assertCovered(shipped, operations(unlimited), without, fieldRules)).toThrow(
      `no rule for ${type}.${field}`,
    );
  });

  test.each(
    Object.entries(fieldRules).flatMap(([type, rules_]) => Object.keys(rules_).map((field) => ({ type, field }))),
  )('without its rule for $type.$field the start fails', ({ type, field }) => {
    const without = {
      ...fieldRules,
      [type]: { ...Object.entries(fieldRules).find(([name]) => name === type)?.[1], [field]: undefined },
    };
    expect(() => assertCovered(shipped, operations(unlimited), openFields, without)).toThrow(
      `no rule for ${type}.${field}`,
    );
  });
});

describe('the SDL', () => {
  test('the committed one is the one of the code: otherwise run "npm run generate"', async () => {
    const committed = await readFile(new URL('../../schema/schema.graphql', import.meta.url), 'utf8');
    expect(printSdl()).toBe(committed);
  });

  test('it is printed the same way every time', () => {
    expect(printSdl()).toBe(printSdl());
  });

  test('it can be read back', () => {
    expect(Object.keys(buildSchema(printSdl()).getQueryType()?.getFields() ?? {})).toContain('viewer');
  });

  test('it holds no field for a hash, a sealed value or a secret that it does not hand over', () => {
    const fields = types.flatMap((type) =>
      isObjectType(type) && !['Query', 'Mutation'].includes(type.name)
        ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)
        : [],
    );
    expect(fields.length).toBeGreaterThan(10);
    const suspicious = fields.filter((name) => /hash|sealed|secret|salt|generation|password$/i.test(name));
    // The payload that hands one over, once; and the seals of the audit trail, which are there to be compared.
    const known = ['BeginTotpEnrollmentPayload.secret', 'AuditEntry.hash', 'AuditCheckpoint.hash'];
    expect(suspicious.filter((name) => !known.includes(name))).toEqual([]);
  });
});

const types = Object.values(buildTypes().getTypeMap()).filter((type) => !isIntrospectionType(type));

interface Described {
  name: string;
  description?: string | null | undefined;
}

/** A type and all that is inside it, by name. */
function partsOf(type: GraphQLNamedType): Described[] {
  const own = { name: type.name, description: type.description };
  if (isEnumType(type)) {
    return [own, ...type.getValues().map(({ name, description }) => ({ name: `${type.name}.${name}`, description }))];
  }
  if (isInputObjectType(type)) {
    return [own, ...Object.values(type.getFields()).map((field) => inside(type.name, field))];
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return [own];
  const fields = Object.values(type.getFields());
  return [
    own,
    ...fields.flatMap((field) => [
      inside(type.name, field),
      ...field.args.map((argument) => inside(`${type.name}.${field.name}`, argument)),
    ]),
  ];
}

function inside(parent: string, { name, description }: Described): Described {
  return { name: `${parent}.${name}`, description };
}

describe('descriptions', () => {
  test.each(types.map((type) => [type.name, type] as const))('%s and everything in it has one', (_name, type) => {
    const undescribed = partsOf(type).filter(({ description }) => !description?.trim());
    expect(undescribed.map(({ name }) => name)).toEqual([]);
  });

  test('this check sees fields, arguments, enum values and input fields', () => {
    const names = types.flatMap((type) => partsOf(type).map(({ name }) => name));
    for (const name of ['Viewer.email', 'Mutation.login.input', 'AssuranceLevel.AAL1', 'LoginInput.password']) {
      expect(names).toContain(name);
    }
  });
});

test('the error codes of the SDL are those of the code', () => {
  const type = buildTypes().getType('ErrorCode');
  const values = isEnumType(type) ? type.getValues().map(({ name }) => name) : [];
  expect(values.toSorted()).toEqual(Object.keys(publicMessages).toSorted());
});
