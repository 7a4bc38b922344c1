/** A hook that is a function of an ES module, in this process. */
import type { Hook } from './hooks.ts';
import { type HookCall, isSender } from './points.ts';

/** What the module exports by default. */
export type HookFunction = (call: HookCall, options: { signal: AbortSignal }) => unknown;

/** A sender that returns nothing has sent the message. */
const sent = { decision: 'allow' };

export function moduleHook(run: HookFunction): Hook['send'] {
  return async (call, signal) => {
    // A copy: the function may change its argument.
    const answer: unknown = await run(structuredClone(call), { signal });
    return JSON.stringify(answer ?? (isSender(call.point) ? sent : null));
  };
}
