/** A hook at an address: a signed request, as webhooks send them. */
import type { Outbound } from '../../outbound/outbound.ts';
import { sendSigned } from '../../outbound/signed-request.ts';
import type { Clock } from '../clock.ts';
import { maxAnswerBytes } from './answers.ts';
import { type Hook, UnexpectedStatus } from './hooks.ts';
import { isSender } from './points.ts';

export interface HookEndpoint {
  url: string;
  secret: Buffer;
  timeoutMs: number;
}

const allowed = JSON.stringify({ decision: 'allow' });
const refused = JSON.stringify({ decision: 'refuse' });

export function urlHook({ url, secret, timeoutMs }: HookEndpoint, outbound: Outbound, clock: Clock): Hook['send'] {
  return async (call) => {
    const message = {
      url,
      id: call.id,
      sentAt: clock.now(),
      body: Buffer.from(JSON.stringify(call)),
      secrets: [secret],
    };
    const response = await sendSigned(outbound, { ...message, purpose: 'hook', totalMs: timeoutMs, maxAnswerBytes });
    if (isSender(call.point)) return deliveryOf(response);
    if (response.status !== 200) throw new UnexpectedStatus(response.status);
    return response.text();
  };
}

/** The status decides: 422 says that this message can never be delivered. All others are tried again. */
function deliveryOf({ ok, status }: Response): string {
  if (!ok && status !== 422) throw new UnexpectedStatus(status);
  return ok ? allowed : refused;
}
