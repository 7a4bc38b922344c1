/** Explains an entry of the permission map for one user: the same data as the rule of each request (missing-requirement.ts). */
import type { AccessExplanation, AccessRequirement } from '../../domain/access/explanation.ts';
import {
  type AccessQuestion,
  type AccessSubject,
  findAccessSubject,
  recordExplanation,
} from '../../domain/administration/access-subject.ts';
import { type Caller, isEnrolled, isProven, isRecent } from '../../domain/caller.ts';
import { Refusal } from '../../domain/errors.ts';
import type { SessionDeps } from '../../domain/sessions/deps.ts';
import type { Entry, FactorRequirement } from './entry.ts';
import { type Entries, fieldEntries, operations } from './permissions.ts';

/** Changes of another user: the caller needs a higher rank (domain/administration/user-change.ts). */
export const rankedOperations: ReadonlySet<string> = new Set([
  'setUserRole',
  'suspendUser',
  'reactivateUser',
  'unlockUser',
  'deleteUser',
  'restoreUser',
  'sendPasswordReset',
  'resetUserMfa',
  'revokeUserSessions',
  'resetRiskHistory',
]);

/**
 * @param operation `suspendUser`, or with its type: `Mutation.suspendUser`
 * @throws Refusal BAD_USER_INPUT, NOT_FOUND
 */
export async function explainAccess(
  unit: SessionDeps,
  reader: Caller,
  question: AccessQuestion & { operation: string },
): Promise<AccessExplanation> {
  const { operation, entry } = findEntry(question.operation);
  const subject = await findAccessSubject(unit, reader, question);
  const networks = unit.settings.adminIpAllowlist.map(({ text }) => text).join(' ') || null;
  const requirements = requirementsOf(operation, entry, subject, networks);
  const allowed = requirements.every(({ met }) => met);
  await recordExplanation(unit, reader, { userId: question.userId, operation, allowed });
  return { operation, allowed, requirements };
}

function findEntry(name: string): { operation: string; entry: Entry } {
  const entries: Entries = { ...operations, ...fieldEntries };
  for (const [type, fields] of Object.entries(entries))
    for (const [field, entry] of Object.entries(fields)) {
      const operation = `${type}.${field}`;
      if (name === operation || (name === field && Object.hasOwn(operations, type))) return { operation, entry };
    }
  const message = 'Enter an operation of schema/permissions.md, for example suspendUser.';
  throw new Refusal('BAD_USER_INPUT', { fields: [{ path: 'operation', code: 'UNKNOWN', message }] });
}

/** @param networks of ADMIN_IP_ALLOWLIST; null: administration is open to every network */
export function requirementsOf(
  operation: string,
  entry: Entry,
  subject: AccessSubject,
  networks: string | null,
): AccessRequirement[] {
  const { caller, anyOf, factor, recent, network, limits } = entry;
  const isForUsers = caller === 'user';
  const limited = limits.map((name) => line('LIMIT', true, name));
  if (caller === 'router') return [line('CALLER_KIND', false, 'a federation router', 'a user')];
  if (!isForUsers) return limited;
  const { role, standing, problem, session, target, showsNetworks } = subject;
  const isHeld = anyOf.some((permission) => role.permissions.includes(permission));
  const isRanked = target !== null && rankedOperations.has(operation.replace('Mutation.', ''));
  return [
    line('SIGNED_IN', problem === null, 'a signed-in user', problem),
    ...(anyOf.length > 0 ? [line('PERMISSION', isHeld, anyOf.join(' or '), `the role ${role.name}`)] : []),
    ...(factor === 'none' ? [] : [line('SECOND_FACTOR', meetsFactor(factor, subject), factor, standing.secondFactor)]),
    ...(recent
      ? [line('RECENT', isRecent(standing), 'a recent authentication', session?.authenticatedAt.toISOString())]
      : []),
    ...(network && networks !== null
      ? [
          line(
            'NETWORK',
            standing.adminNetwork,
            showsNetworks ? networks : 'restricted',
            showsNetworks ? session?.ipAddress : null,
          ),
        ]
      : []),
    ...(isRanked
      ? [line('RANK', target.isOutranked, `above ${target.rank} (${target.role})`, `${role.rank} (${role.name})`)]
      : []),
    ...limited,
  ];
}

function meetsFactor(factor: FactorRequirement, { standing }: AccessSubject): boolean {
  const enrolled = factor === 'proven' || isEnrolled(standing);
  return enrolled && (factor === 'enrolled' || isProven(standing));
}

function line(
  kind: AccessRequirement['kind'],
  met: boolean,
  required: string,
  actual: string | null = null,
): AccessRequirement {
  return { kind, met, required, actual };
}
