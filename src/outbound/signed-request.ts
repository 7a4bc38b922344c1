/** Posts a signed JSON message to another system: to a webhook, or to a hook that decides. */
import { signatureHeaders } from '../security/webhook-signature.ts';
import type { Outbound, OutboundRequest } from './outbound.ts';

export interface SignedRequest extends Pick<OutboundRequest, 'purpose' | 'totalMs' | 'maxAnswerBytes' | 'cutsAnswer'> {
  url: string;
  id: string;
  sentAt: Date;
  /** JSON in UTF-8. */
  body: Uint8Array;
  /** The secrets that sign: one, or during a rotation both. */
  secrets: readonly Uint8Array[];
}

/** @throws OutboundRefused, OutboundUnavailable, OutboundTooLarge; every status is an answer */
export function sendSigned(outbound: Outbound, request: SignedRequest): Promise<Response> {
  const { url, id, sentAt, body, secrets, ...options } = request;
  return outbound.fetch(url, {
    ...options,
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'postern-webhooks/1',
      ...signatureHeaders(secrets, { id, sentAt, body }),
    },
  });
}
