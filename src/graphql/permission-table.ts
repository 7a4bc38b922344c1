/**
 * The permission map as a table that people read: what `postern schema --permissions` prints and schema/permissions.md
 * holds. It is made by asking each rule about a sample caller of every kind, so it says what the rules do.
 */
import { rule } from 'graphql-shield';
import type { ShieldRule } from 'graphql-shield/dist/types.js';
import type { Caller, Role, Standing } from '../domain/caller.ts';
import { Refusal } from '../domain/errors.ts';
import { systemRoles } from '../domain/permissions.ts';
import type { LimitName } from '../ratelimit/limits.ts';
import { demanding, demandOf } from './demands.ts';
import { fieldRules, operations } from './permissions.ts';

/** What a rule lets through, and what it looks at. */
export interface PermissionRow {
  /** `Query.users`. */
  field: string;
  /** One of these permissions is enough; empty: no permission is needed. */
  permissions: string[];
  anonymous: boolean;
  /** Names of the system roles that may, with the permissions they have in a new database. */
  roles: string[];
  /** What a session must be besides. */
  conditions: string[];
  limits: LimitName[];
}

const client = { ipAddress: null, userAgent: null, requestId: 'sample', deviceToken: null };
const anonymous: Caller = {
  client,
  viewer: null,
  refusal: new Refusal('UNAUTHENTICATED', { reason: 'NO_CREDENTIALS' }),
};
const perfect: Standing = { recent: true, secondFactorRequired: true, secondFactor: 'proven', adminNetwork: true };

/** What a caller can lack, and what the table calls it. Whoever lacks a second factor altogether lacks AAL2 as well. */
const shortcomings: readonly { condition: string; standing: Standing; implied?: string }[] = [
  { condition: 'recent', standing: { ...perfect, recent: false } },
  { condition: 'AAL2', standing: { ...perfect, secondFactor: 'unproven' } },
  { condition: 'enrolled', standing: { ...perfect, secondFactor: 'missing' }, implied: 'AAL2' },
  { condition: 'admin network', standing: { ...perfect, adminNetwork: false } },
];

/** A rule, as it is asked here. */
interface Judge {
  resolve(parent: object, args: object, context: object, info: object, options: object): Promise<unknown>;
}

export async function permissionTable(): Promise<PermissionRow[]> {
  const counted: LimitName[] = [];
  const map = operations((name) =>
    demanding(
      rule({ cache: 'no_cache' })(() => {
        counted.push(name);
        return true;
      }),
      'nobody',
    ),
  );
  const entries = Object.entries<Readonly<Record<string, ShieldRule>>>({ ...map, ...fieldRules }).flatMap(
    ([typeName, rules]) => Object.entries(rules).map(([field, judge]) => [`${typeName}.${field}`, judge] as const),
  );
  const rows: PermissionRow[] = [];
  for (const [field, judge] of entries) {
    counted.length = 0;
    const isOpen = await passes(judge, anonymous);
    const limits = [...counted];
    rows.push({ field, limits, anonymous: isOpen, ...(await describe(judge)) });
  }
  return rows;
}

async function describe(judge: ShieldRule): Promise<Pick<PermissionRow, 'permissions' | 'roles' | 'conditions'>> {
  const demand = demandOf(judge);
  const permissions = demand === 'nobody' ? [] : demand.map((list) => list.join(' and ')).filter(Boolean);
  const roles: string[] = [];
  for (const role of systemRoles) if (await passes(judge, callerOf(role, perfect))) roles.push(role.name);
  const [mightiest] = systemRoles;
  if (!roles.includes(mightiest.name)) return { permissions, roles, conditions: ['router'] };
  const missed: string[] = [];
  for (const { condition, standing, implied } of shortcomings) {
    const isImplied = implied !== undefined && missed.includes(implied);
    if (!isImplied && !(await passes(judge, callerOf(mightiest, standing)))) missed.push(condition);
  }
  return { permissions, roles, conditions: missed };
}

async function passes(judge: Judge, caller: Caller): Promise<boolean> {
  return (await judge.resolve({}, {}, { caller, isRouter: false }, {}, {})) === true;
}

function callerOf(role: (typeof systemRoles)[number], standing: Standing): Caller {
  const never = new Date(0);
  const held: Role = { ...role, permissions: [...role.permissions], system: true };
  const session = {
    id: 'sample',
    current: true,
    createdAt: never,
    lastUsedAt: never,
    expiresAt: never,
    ipAddress: null,
    userAgent: null,
    deviceName: null,
    authenticatedAt: never,
    assurance: 'AAL2',
    methods: [],
  } as const;
  const viewer = { id: 'sample', email: '', emailVerified: true, displayName: null, createdAt: never, locale: null };
  return { client, refusal: null, viewer: { ...viewer, role: held, session: { ...session, methods: [] }, standing } };
}

export async function printPermissions(): Promise<string> {
  const rows = await permissionTable();
  const roleNames = systemRoles.map(({ name }) => name).toReversed();
  const header = ['', 'permission', 'anonymous', ...roleNames, 'and', 'limit'];
  const lines = rows.map(({ field, permissions, anonymous: isOpen, roles, conditions, limits }) => [
    `\`${field}\``,
    permissions.map((permission) => `\`${permission}\``).join(' or '),
    isOpen ? 'x' : '',
    ...roleNames.map((name) => (roles.includes(name) ? 'x' : '')),
    conditions.join(', '),
    limits.join(', '),
  ]);
  const table = [header, header.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return `${preface}\n\n${table}\n`;
}

const preface = `<!-- Generated by "npm run generate". Do not edit. -->

# Who may do what

One line for each operation, and for each field that not everybody may read who may read the rest of its type. It is
made from [the permission map](../src/graphql/permissions.ts), for the system roles as they are in a new database. Whose
data it is, and the rank of the other user, is judged where it is fetched.

- **recent**: signed in, or \`reauthenticate\`, within \`REAUTH_WINDOW\`.
- **AAL2**: the session has seen a second factor, where \`MFA_REQUIRED_FOR\` names the role.
- **enrolled**: they have a second factor, where \`MFA_REQUIRED_FOR\` names the role.
- **admin network**: they come from a network of \`ADMIN_IP_ALLOWLIST\`, where there is one.
- **router**: a federation router with \`ROUTER_SECRET\`, and nobody else.
- **limit**: of \`RATE_LIMITS\`. \`anonymous\` and \`authenticated\` count for every operation besides.`;
