/** The explanation of access (graphql/permissions/explain.ts) agrees with the rule of each request, for every entry. */
import { isInputObjectType } from 'graphql';
import { expect, test } from 'vitest';
import type { AccessSubject } from '../../src/domain/administration/access-subject.ts';
import { operatorClient } from '../../src/domain/audit/record.ts';
import type { Caller, Standing } from '../../src/domain/caller.ts';
import { rankedOperations, requirementsOf } from '../../src/graphql/permissions/explain.ts';
import { missingRequirement } from '../../src/graphql/permissions/missing-requirement.ts';
import { type Entries, fieldEntries, operations } from '../../src/graphql/permissions/permissions.ts';
import { buildTypes } from '../../src/graphql/schema.ts';

const entries = Object.entries<Entries[string]>({ ...operations, ...fieldEntries }).flatMap(([type, fields]) =>
  Object.entries(fields).map(([field, entry]) => ({ operation: `${type}.${field}`, entry })),
);
const flags = [true, false];
const standings: Standing[] = flags.flatMap((recent) =>
  flags.flatMap((secondFactorRequired) =>
    flags.flatMap((adminNetwork) =>
      (['proven', 'unproven', 'missing'] as const).map((secondFactor) => ({
        recent,
        secondFactorRequired,
        adminNetwork,
        secondFactor,
      })),
    ),
  ),
);
const roles = [[], ['audit:read', 'users:write'], ['profile:write', 'sessions:own', 'mfa:own', 'keys:own']];

test('every entry is explained as it is enforced, whatever the role and the session', () => {
  for (const { operation, entry } of entries)
    for (const permissions of roles)
      for (const standing of standings) {
        const isAllowed =
          missingRequirement(entry, { caller: callerWith(permissions, standing), isRouter: false }) === null;
        const requirements = requirementsOf(operation, entry, subjectWith(permissions, standing), '10.0.0.0/8');
        const allowed = requirements.every(({ met }) => met);
        expect({ operation, permissions, standing, allowed }).toEqual({
          operation,
          permissions,
          standing,
          allowed: isAllowed,
        });
      }
});

test('the operations with a rank are those whose input names a user', () => {
  const mutations = Object.values(buildTypes().getMutationType()?.getFields() ?? {});
  const naming = mutations.filter(({ args }) =>
    args.some(({ type }) => {
      const input = 'ofType' in type ? type.ofType : type;
      return isInputObjectType(input) && Object.hasOwn(input.getFields(), 'userId');
    }),
  );
  expect(naming.map(({ name }) => name).toSorted()).toEqual([...rankedOperations].toSorted());
});

test('a reader below the rank of the user sees neither networks nor addresses', () => {
  const standing: Standing = {
    recent: true,
    secondFactorRequired: false,
    secondFactor: 'missing',
    adminNetwork: false,
  };
  const session = { authenticatedAt: new Date(0), ipAddress: '192.0.2.7' };
  const subject = { ...subjectWith([], standing), session, showsNetworks: false };
  const text = JSON.stringify(requirementsOf('Query.users', operations.Query.users, subject, '10.1.0.0/16'));
  expect(text).toContain('restricted');
  expect(text).not.toMatch(/10\.1\.0\.0|192\.0\.2\.7/);
});

function subjectWith(permissions: string[], standing: Standing): AccessSubject {
  const role = { name: 'SAMPLE', rank: 20, permissions };
  return { role, standing, problem: null, session: null, target: null, showsNetworks: true };
}

function callerWith(permissions: string[], standing: Standing): Caller {
  const never = new Date(0);
  const role = { name: 'SAMPLE', rank: 20, permissions, system: false };
  const times = { createdAt: never, lastUsedAt: never, expiresAt: never, authenticatedAt: never };
  const origin = { ipAddress: null, userAgent: null, deviceName: null, location: null, risk: null };
  const user = { id: 'sample', email: '', emailVerified: true, displayName: null, createdAt: never, locale: null };
  return {
    client: operatorClient('sample'),
    refusal: null,
    viewer: {
      ...user,
      role,
      standing,
      claimsExt: null,
      session: { id: 'sample', current: true, ...times, ...origin, assurance: 'AAL1', methods: [] },
    },
  };
}
