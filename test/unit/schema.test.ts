/**
 * The schema (graphql/schema.ts, graphql/sdl.ts): the permission map covers it, the committed SDL equals it, and every
 * element has a description.
 */
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
import { describe, expect, test } from 'vitest';
import { publicMessages } from '../../src/domain/errors.ts';
import { assertCovered, type PermissionMap } from '../../src/graphql/permissions/coverage.ts';
import { fieldEntries, openFields, operations } from '../../src/graphql/permissions/permissions.ts';
import { buildTypes } from '../../src/graphql/schema.ts';
import { printSdl } from '../../src/graphql/sdl.ts';

describe('the start-up check', () => {
  const schema = buildSchema(`
    type Query { viewer: Viewer, policy: Policy }
    type Mutation { login(input: LoginInput): Viewer }
    type Viewer { id: ID }
    type Policy { min: Int, max: Int }
    input LoginInput { email: String }
    enum Colour { RED }
    union Result = Viewer | Policy
    type LoginPayload { viewer: Viewer }
    type ViewerConnection { edges: [ViewerEdge] }
    type ViewerEdge { node: Viewer }
    type PageInfo { hasNextPage: Boolean }
  `);
  const entries = { Query: { viewer: 'an entry', policy: 'an entry' }, Mutation: { login: 'an entry' } };
  const open = { Viewer: 'id', Policy: 'min max' };

  const check = (
    map: PermissionMap['operations'],
    openOnes: PermissionMap['openFields'],
    fields: PermissionMap['fieldEntries'] = {},
  ) => assertCovered(schema, { operations: map, openFields: openOnes, fieldEntries: fields });

  test('a map that covers everything passes', () => {
    expect(() => check(entries, open)).not.toThrow();
    expect(() => check(entries, { Viewer: 'id', Policy: 'min' }, { Policy: { max: 'an entry' } })).not.toThrow();
  });

  test.each<[string, PermissionMap['operations'], PermissionMap['openFields'], string]>([
    ['a type without an entry', entries, { Viewer: 'id' }, 'no entry for Policy.min, Policy.max'],
    ['a field without an entry', entries, { ...open, Policy: 'min' }, 'no entry for Policy.max'],
    ['an operation without an entry', { ...entries, Query: { viewer: 'an entry' } }, open, 'no entry for Query.policy'],
    [
      'an operation whose entry is undefined',
      { ...entries, Mutation: { login: undefined } },
      open,
      'no entry for Mutation.login',
    ],
    [
      'an operation whose entry is null',
      { ...entries, Mutation: { login: null } },
      open,
      'no entry for Mutation.login',
    ],
    ['a missing root type', { Query: entries.Query }, open, 'no entry for Mutation.login'],
    ['a root type without entries', { ...entries, Mutation: {} }, open, 'no entry for Mutation.login'],
    ['an entry for an unknown type', entries, { ...open, Role: 'name' }, 'nothing in the schema for Role.name'],
    ['an entry for an unknown field', entries, { ...open, Viewer: 'id ip' }, 'nothing in the schema for Viewer.ip'],
    [
      'an entry for an unknown field',
      { ...entries, Query: { ...entries.Query, users: 'an entry' } },
      open,
      'nothing in the schema for Query.users',
    ],
    [
      'entries for an unknown type',
      { ...entries, Subscription: { ticks: 'an entry' } },
      open,
      'nothing in the schema for Subscription.ticks',
    ],
    ['an open operation with an entry', entries, { ...open, Query: 'viewer' }, 'two entries for Query.viewer'],
    [
      'an input type declared open',
      entries,
      { ...open, LoginInput: 'email' },
      'nothing in the schema for LoginInput.email',
    ],
  ])('%s stops the start', (_what, operationRules, openOnes, message) => {
    expect(() => check(operationRules, openOnes)).toThrow(message);
  });

  test.each([
    ['an open field with an entry', open, { Policy: { max: 'an entry' } }, 'two entries for Policy.max'],
    [
      'a field whose entry is undefined',
      { ...open, Policy: 'min' },
      { Policy: { max: undefined } },
      'no entry for Policy.max',
    ],
    ['an entry for an unknown field', open, { Viewer: { ip: 'an entry' } }, 'nothing in the schema for Viewer.ip'],
  ])('%s stops the start', (_what, openOnes, rulesOfFields, message) => {
    expect(() => check(entries, openOnes, rulesOfFields)).toThrow(message);
  });

  test.each(['LoginPayload: viewer', 'ViewerConnection: edges', 'ViewerEdge: node', 'PageInfo: hasNextPage'])(
    'a type that is open by its name must not be listed as well: %s',
    (listed) => {
      const [type = '', field = ''] = listed.split(': ');
      expect(() => check(entries, { ...open, [type]: field })).toThrow(`two entries for ${type}.${field}`);
    },
  );

  test.each(['PayloadPolicy', 'Connections', 'Edges', 'PageInformation', 'MyPageInfo'])(
    'a name that only resembles an open type opens nothing: %s',
    (name) => {
      const similar = buildSchema(`type Query { viewer: ${name} } type ${name} { id: ID }`);
      const map = { operations: { Query: { viewer: 'an entry' } }, fieldEntries: {}, openFields: {} };
      expect(() => assertCovered(similar, map)).toThrow(`no entry for ${name}.id`);
    },
  );

  test('every mismatch is reported at once, in both directions', () => {
    expect(() => check({ Query: { users: 'an entry' }, Mutation: {} }, { Role: 'name' })).toThrow(
      'no entry for Query.viewer, Query.policy, Mutation.login, Viewer.id, Policy.min, Policy.max; nothing in the schema for Role.name, Query.users',
    );
  });

  test('the shipped map covers the shipped schema', () => {
    expect(() => assertCovered(buildTypes(), { operations, fieldEntries, openFields })).not.toThrow();
  });

  test('no operation is open, so that each has an entry', () => {
    expect(Object.keys(openFields)).not.toContain('Query');
    expect(Object.keys(openFields)).not.toContain('Mutation');
    expect(Object.keys(openFields)).not.toContain('Subscription');
    expect(Object.keys(operations)).toEqual(['Query', 'Mutation', 'Subscription']);
  });

  const shipped = buildTypes();
  const places = Object.entries(openFields).flatMap(([type, fields]) =>
    fields.split(' ').map((field) => ({ type, field })),
  );
  test.each(places)('without its entry for $type.$field the start fails', ({ type, field }) => {
    const others = places.filter((place) => place.type === type && place.field !== field);
    const without = { ...openFields, [type]: others.map((place) => place.field).join(' ') };
    expect(() => assertCovered(shipped, { operations, fieldEntries, openFields: without })).toThrow(
      `no entry for ${type}.${field}`,
    );
  });

  test.each(
    Object.entries(fieldEntries).flatMap(([type, entries_]) => Object.keys(entries_).map((field) => ({ type, field }))),
  )('without its entry for $type.$field the start fails', ({ type, field }) => {
    const without = {
      ...fieldEntries,
      [type]: { ...Object.entries(fieldEntries).find(([name]) => name === type)?.[1], [field]: undefined },
    };
    expect(() => assertCovered(shipped, { operations, openFields, fieldEntries: without })).toThrow(
      `no entry for ${type}.${field}`,
    );
  });
});

describe('the SDL', () => {
  test('the committed SDL equals the SDL of the code: if not, run "npm run generate"', async () => {
    const committed = await readFile(new URL('../../schema/schema.graphql', import.meta.url), 'utf8');
    expect(printSdl()).toBe(committed);
  });

  test('it is printed the same way every time', () => {
    expect(printSdl()).toBe(printSdl());
  });

  test('it can be parsed again', () => {
    expect(Object.keys(buildSchema(printSdl()).getQueryType()?.getFields() ?? {})).toContain('viewer');
  });

  test('it has no field for a hash, a sealed value or a secret that it does not return', () => {
    const fields = types.flatMap((type) =>
      isObjectType(type) && !['Query', 'Mutation'].includes(type.name)
        ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)
        : [],
    );
    expect(fields.length).toBeGreaterThan(10);
    const suspicious = fields.filter((name) => /\..*(hash|sealed|secret|salt|generation|password$)/i.test(name));
    // The payloads that return a secret once, the seals of the audit trail, which are public, and flags.
    const known = [
      'BeginTotpEnrollmentPayload.secret',
      'CreateApiKeyPayload.secret',
      'RotateApiKeyPayload.secret',
      'CreateClientSecretPayload.secret',
      'CreateWebhookPayload.secret',
      'RotateWebhookSecretPayload.secret',
      'CreateClientSecretPayload.clientSecret',
      'ServiceAccount.clientSecrets',
      'AuditEntry.hash',
      'AuditCheckpoint.hash',
      'Viewer.hasPassword',
      'Setting.secret',
    ];
    expect(suspicious.filter((name) => !known.includes(name))).toEqual([]);
  });
});

const types = Object.values(buildTypes().getTypeMap()).filter((type) => !isIntrospectionType(type));

interface Described {
  name: string;
  description?: string | null | undefined;
}

/** A type and all of its parts, by name. */
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
  test.each(types.map((type) => [type.name, type] as const))(
    '%s and each of its parts has a description',
    (_name, type) => {
      const undescribed = partsOf(type).filter(({ description }) => !description?.trim());
      expect(undescribed.map(({ name }) => name)).toEqual([]);
    },
  );

  test('this check covers fields, arguments, enum values and input fields', () => {
    const names = types.flatMap((type) => partsOf(type).map(({ name }) => name));
    for (const name of ['Viewer.email', 'Mutation.login.input', 'AssuranceLevel.AAL1', 'LoginInput.password']) {
      expect(names).toContain(name);
    }
  });
});

test('the error codes of the SDL equal those of the code', () => {
  const type = buildTypes().getType('ErrorCode');
  const values = isEnumType(type) ? type.getValues().map(({ name }) => name) : [];
  expect(values.toSorted()).toEqual(Object.keys(publicMessages).toSorted());
});
