/** The permission table (schema/permissions.md) over HTTP: every operation with every kind of caller. */
import { getNamedType, isCompositeType, isInputObjectType } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { type PermissionRow, permissionTable } from '../../src/graphql/permissions/permission-table.ts';
import { type Answer, answerOf } from '../support/gateway/answer.ts';
import { bearer, signIn } from '../support/gateway/gateway.ts';
import { operationOf, schema } from '../support/gateway/sample-operations.ts';
import { adminEvents, type OpenStream, openStream, securityEvents, sessionEvents } from '../support/gateway/streams.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { createServiceAccount } from '../support/people/api-keys.ts';
import {
  createUserWithRole,
  insertRole,
  lockoutAndVerificationOff,
  type UserWithRole,
} from '../support/people/users-with-roles.ts';

const auditor = { name: 'AUDITOR', rank: 40, permissions: ['audit:read', 'roles:read'] };
const callers = ['anonymous', 'GUEST', 'USER', 'MODERATOR', 'ADMIN', 'SUPER_ADMIN', auditor.name];

const rows = permissionTable();
const isRoot = ({ field }: PermissionRow) => /^(Query|Mutation)\./.test(field);
const isStream = ({ field }: PermissionRow) => field.startsWith('Subscription.');

const people = new Map<string, UserWithRole>();
let bystander: UserWithRole;
let serviceAccountId: string;
const gateway = useGateway({
  ...lockoutAndVerificationOff,
  SIGN_IN_METHODS: 'password,passkey,federated,email-code',
  SMS_PROVIDER: 'log',
  SMS_COUNTRIES: 'DE',
});
beforeAll(async () => {
  await insertRole(gateway, auditor);
  for (const name of callers.slice(1)) people.set(name, await createUserWithRole(gateway, name));
  bystander = await createUserWithRole(gateway, 'USER');
  const { email = '' } = people.get('SUPER_ADMIN') ?? {};
  serviceAccountId = await createServiceAccount(gateway, (await signIn(gateway, email)).accessToken, 'USER');
});

/** Signs in again: an earlier operation may have revoked the session. */
async function ask(caller: string, query: string, variables = {}): Promise<Answer> {
  const person = people.get(caller);
  const headers = person ? bearer((await signIn(gateway, person.email)).accessToken) : {};
  return answerOf(gateway.post({ query, variables }, headers));
}

/**
 * Whether the table permits it. The permissions of a custom role decide, and an operation without a permission is open.
 */
function may(caller: string, { anonymous, roles, permissions, conditions }: PermissionRow): boolean {
  if (caller === 'anonymous') return anonymous;
  if (caller !== auditor.name) return roles.includes(caller);
  if (conditions.includes('router')) return false;
  return permissions.length === 0 || permissions.some((permission) => auditor.permissions.includes(permission));
}

const ofTheMap = ['UNAUTHENTICATED', 'FORBIDDEN', 'REAUTHENTICATION_REQUIRED', 'MFA_ENROLLMENT_REQUIRED'];

function verdictOf({ errors, text }: Answer) {
  // Type validation failed before the permission map was asked.
  if (text.includes('WRONG_TYPE')) throw new Error(`give sampleOf a value of the type: ${text}`);
  const refused = errors.find(({ extensions }) => ofTheMap.includes(extensions.code));
  if (!refused) return { allowed: true };
  const { code, requiredPermission } = refused.extensions;
  return { allowed: false, code, ...(requiredPermission !== undefined && { requiredPermission }) };
}

function verdictOfStream({ status, text }: OpenStream) {
  if (status === 200) return { allowed: true };
  const { code, requiredPermission } = JSON.parse(text).errors[0].extensions;
  return { allowed: false, code, ...(requiredPermission !== undefined && { requiredPermission }) };
}

function expectedOf(caller: string, row: PermissionRow) {
  if (may(caller, row)) return { allowed: true };
  if (caller === 'anonymous' && !row.conditions.includes('router')) return { allowed: false, code: 'UNAUTHENTICATED' };
  const [requiredPermission] = row.permissions;
  return { allowed: false, code: 'FORBIDDEN', ...(requiredPermission && { requiredPermission }) };
}

describe.each(callers)('%s', (caller) => {
  test.each(rows.filter(isRoot).map((row) => [row.field, row] as const))('%s', async (field, row) => {
    const { query, variables } = operationOf(field);
    const answer = await ask(caller, query, variables);
    expect(verdictOf(answer), answer.text).toEqual(expectedOf(caller, row));
  });
});

const streams: Readonly<Record<string, string>> = {
  'Subscription.sessionEvents': sessionEvents,
  'Subscription.securityEvents': securityEvents,
  'Subscription.adminEvents': adminEvents,
};

describe.each(callers)('%s, as a stream', (caller) => {
  test.each(rows.filter(isStream).map((row) => [row.field, row] as const))('%s', async (field, row) => {
    const person = people.get(caller);
    const token = person ? (await signIn(gateway, person.email)).accessToken : null;
    const stream = await openStream(gateway.url, { query: streams[field] ?? '' }, token);
    stream.close();
    expect(verdictOfStream(stream), stream.text).toEqual(expectedOf(caller, row));
  });
});

/** How to read an object of the type, for fields with their own rules. */
const ways: Readonly<Record<string, { through: string; query: (selection: string) => string }>> = {
  Viewer: { through: 'Query.viewer', query: (selection) => `{ viewer { ${selection} } }` },
  ManagedUser: { through: 'Query.user', query: (selection) => `{ user(id: "${bystander.id}") { ${selection} } }` },
  ServiceAccount: {
    through: 'Query.serviceAccount',
    query: (selection) => `{ serviceAccount(id: "${serviceAccountId}") { ${selection} } }`,
  },
};

describe.each(callers.slice(1))('%s, inside a type', (caller) => {
  test.each(rows.filter((row) => !isRoot(row) && !isStream(row)).map((row) => [row.field, row] as const))(
    '%s',
    async (field, row) => {
      const [typeName = '', name = ''] = field.split('.');
      const way = ways[typeName];
      const parentRow = rows.find((one) => one.field === way?.through);
      if (!way || !parentRow) throw new Error(`say how one comes to a ${typeName}`);
      const type = schema.getType(typeName);
      const isComposite = type && 'getFields' in type && isCompositeType(getNamedType(fieldTypeOf(typeName, name)));
      const answer = await ask(caller, way.query(isComposite ? `${name} { __typename }` : name));
      expect(verdictOf(answer), answer.text).toEqual(expectedOf(caller, may(caller, parentRow) ? row : parentRow));
    },
  );
});

function fieldTypeOf(typeName: string, name: string) {
  const type = schema.getType(typeName);
  if (!type || !('getFields' in type) || isInputObjectType(type)) throw new Error(`${typeName} has no fields`);
  const field = type.getFields()[name];
  if (!field) throw new Error(`there is no field ${typeName}.${name}`);
  return field.type;
}
