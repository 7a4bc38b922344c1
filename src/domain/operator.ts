/** The operator at the command line as a caller: every permission, no account. The audit trail names no actor for it. */
import { operatorClient } from './audit/record.ts';
import type { Caller } from './caller.ts';
import { Refusal } from './errors.ts';

/** Entries of the audit trail carry it as their request id. */
export const operatorRequestId = 'command-line';

export function operatorCaller(): Caller {
  const refusal = new Refusal('UNAUTHENTICATED', { reason: 'NO_CREDENTIALS' });
  return { client: operatorClient(operatorRequestId), viewer: null, refusal, isOperator: true };
}
