/** Callers without a user: the operator at the command line, and background jobs. The audit trail names no actor for them. */
import { operatorClient } from './audit/record.ts';
import type { Caller } from './caller.ts';
import { Refusal } from './errors.ts';

/** The request id of the operator's audit entries. */
export const operatorRequestId = 'command-line';

/** Holds every permission. */
export function operatorCaller(): Caller {
  return { ...systemCaller(operatorRequestId), isOperator: true };
}

/** A background job. Holds no permission. @param requestId names the job in audit entries */
export function systemCaller(requestId: string): Caller {
  const refusal = new Refusal('UNAUTHENTICATED', { reason: 'NO_CREDENTIALS' });
  return { client: operatorClient(requestId), viewer: null, refusal };
}
