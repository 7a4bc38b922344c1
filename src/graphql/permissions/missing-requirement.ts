/**
 * Judges a caller by an entry of the permission map. Reads the context only: no I/O and no exception, so that the same
 * judgement serves the shield rule, the permission table and the explanation of a denial.
 */

import type { DeniedCall } from '../../domain/access/denials.ts';
import { type Caller, isEnrolled, isProven, isRecent, type Machine, type Viewer } from '../../domain/caller.ts';
import { Refusal, type RefusalOptions } from '../../domain/errors.ts';
import type { Entry } from './entry.ts';

export interface MissingRequirement {
  missing: DeniedCall['missing'];
  refusal: Refusal;
}

/** @returns the first demand that the caller does not meet; null: all are met */
export function missingRequirement(
  entry: Entry,
  { caller, isRouter }: { caller: Caller; isRouter: boolean },
): MissingRequirement | null {
  const { viewer, machine, refusal } = caller;
  if (entry.caller === 'router')
    return isRouter ? null : lacking('router', 'FORBIDDEN', { detail: 'no Router-Authorization' });
  if (machine) return missingOfMachine(entry, machine);
  if (entry.caller === 'anyone') return null;
  if (viewer) return missingOfUser(entry, viewer);
  const isOptional = entry.caller === 'optional' && refusal.options.reason === 'NO_CREDENTIALS';
  return isOptional ? null : { missing: 'authentication', refusal };
}

/** Whether the caller meets every demand: for fields that are null for other callers. */
export function isAllowed(entry: Entry, context: { caller: Caller; isRouter: boolean }): boolean {
  return missingRequirement(entry, context) === null;
}

/** Operations without an entry for programs are closed to them, also those that need no sign-in. */
function missingOfMachine({ machines, anyOf, network }: Entry, machine: Machine): MissingRequirement | null {
  const [requiredPermission] = anyOf;
  const isOpen = machines === 'any' || (machines === 'service' && machine.kind === 'service');
  if (!isOpen) return lacking('machine', 'FORBIDDEN', { reason: 'MACHINE_NOT_ALLOWED' });
  if (requiredPermission && !anyOf.some((permission) => machine.permissions.includes(permission)))
    return lacking('permission', 'FORBIDDEN', { requiredPermission });
  if (network && !machine.adminNetwork)
    return lacking('network', 'FORBIDDEN', { detail: 'not from ADMIN_IP_ALLOWLIST' });
  return null;
}

function missingOfUser(
  { anyOf, factor, recent, network }: Entry,
  { role, standing }: Viewer,
): MissingRequirement | null {
  const [requiredPermission] = anyOf;
  if ((factor === 'enrolled' || factor === 'AAL2') && !isEnrolled(standing))
    return lacking('enrolment', 'MFA_ENROLLMENT_REQUIRED');
  if (requiredPermission && !anyOf.some((permission) => role.permissions.includes(permission)))
    return lacking('permission', 'FORBIDDEN', { requiredPermission });
  if ((factor === 'proven' || factor === 'AAL2') && !isProven(standing))
    return lacking('factor', 'REAUTHENTICATION_REQUIRED', { detail: 'the second factor was not proven' });
  if (recent && !isRecent(standing))
    return lacking('recent_proof', 'REAUTHENTICATION_REQUIRED', { detail: 'no recent authentication' });
  if (network && !standing.adminNetwork)
    return lacking('network', 'FORBIDDEN', { detail: 'not from ADMIN_IP_ALLOWLIST' });
  return null;
}

function lacking(
  missing: DeniedCall['missing'],
  code: Refusal['code'],
  options: RefusalOptions = {},
): MissingRequirement {
  return { missing, refusal: new Refusal(code, options) };
}
