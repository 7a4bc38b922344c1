/** Lets a hook deliver a message of a queue. The worker of the queue calls this and decides about retries. */
import { systemCaller } from '../operator.ts';
import { type HookDeps, recordFailure } from './decide.ts';
import type { HookInputs } from './points.ts';

/** `rejected`: this message can never be delivered. `failed`: send it again later. */
export type Delivery = 'delivered' | 'rejected' | 'failed';

/** Call it outside transactions. Never throws for a failure of the hook. */
export async function sendByHook<Point extends 'sendMail' | 'sendSms'>(
  deps: HookDeps,
  point: Point,
  message: HookInputs[Point],
): Promise<Delivery> {
  const result = await deps.hooks.call(point, message);
  if (result === null) throw new Error(`the point ${point} has no hook`);
  if ('problem' in result) {
    await recordFailure(deps, systemCaller(point), point, result.problem);
    return 'failed';
  }
  return result.allowed === null ? 'rejected' : 'delivered';
}
