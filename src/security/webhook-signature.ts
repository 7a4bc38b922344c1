/** Signs messages to other systems by Standard Webhooks (https://www.standardwebhooks.com, v1: HMAC-SHA-256). */
import { createHmac, randomBytes } from 'node:crypto';

const prefix = 'whsec_';
const generatedBytes = 32;
/** Standard Webhooks, "Signature scheme": 24 to 64 bytes. */
const leastBytes = 24;
const mostBytes = 64;

export interface SignedMessage {
  /** Equal in every attempt to deliver the message. */
  id: string;
  /** Of this attempt. */
  sentAt: Date;
  /** The bytes that are sent. */
  body: Uint8Array;
}

export function newWebhookSecret(): Buffer {
  return randomBytes(generatedBytes);
}

/** @returns `whsec_…`, as receivers configure it */
export function webhookSecretText(secret: Uint8Array): string {
  return `${prefix}${Buffer.from(secret).toString('base64')}`;
}

/** @returns null when the text is not `whsec_` and base64 of 24 to 64 bytes */
export function readWebhookSecret(text: string): Buffer | null {
  if (!text.startsWith(prefix) || text.length > prefix.length + mostBytes * 2) return null;
  const bytes = Buffer.from(text.slice(prefix.length), 'base64');
  const isCanonical = bytes.toString('base64') === text.slice(prefix.length);
  return isCanonical && bytes.length >= leastBytes && bytes.length <= mostBytes ? bytes : null;
}

/** @param secrets one, or during a rotation both: a receiver accepts the message when one signature is valid */
export function signatureHeaders(secrets: readonly Uint8Array[], message: SignedMessage): Record<string, string> {
  const timestamp = String(Math.floor(message.sentAt.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const mac = createHmac('sha256', secret).update(`${message.id}.${timestamp}.`).update(message.body);
    return `v1,${mac.digest('base64')}`;
  });
  return { 'webhook-id': message.id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
