/** Denies a call: puts it on the audit trail, then answers with the refusal, whether or not the trail could be written. */
import { recordDenial } from '../../domain/access/denials.ts';
import type { Refusal } from '../../domain/errors.ts';
import { describeError, type Logger } from '../../logger.ts';
import type { Context } from '../request/context.ts';
import type { MissingRequirement } from './missing-requirement.ts';

export type Deny = (context: Context, operation: string, shortfall: MissingRequirement) => Promise<Refusal>;

export function createDeny(logger: Logger): Deny {
  return async (context, operation, { missing, refusal }) => {
    const { caller, unit, deniedOperations } = context;
    // While the session cannot be read, nothing is known of the caller: the service is unavailable, the call not denied.
    const isDenial = missing !== 'authentication' || refusal.code === 'UNAUTHENTICATED';
    if (!isDenial || deniedOperations.has(operation)) return refusal;
    deniedOperations.add(operation);
    const permission = refusal.options.requiredPermission ?? null;
    await recordDenial(unit, caller, { operation, missing, permission }).catch((error: unknown) => {
      logger.error(
        { ...describeError(error), operation, missing },
        'a denied call could not be put on the audit trail',
      );
    });
    return refusal;
  };
}
