/** The secrets that sign the messages to a webhook. They are stored sealed with its id. */
import type { Webhook } from '../../persistence/webhooks/webhook.ts';
import type { Sealer } from '../../security/keys/sealing.ts';
import { newWebhookSecret, webhookSecretText } from '../../security/webhook-signature.ts';

export interface NewSecret {
  sealed: Buffer;
  /** `whsec_…`: shown once. */
  text: string;
}

export function makeSecret(sealer: Sealer, webhookId: string): NewSecret {
  const secret = newWebhookSecret();
  return { sealed: sealer.seal(secret, webhookId), text: webhookSecretText(secret) };
}

export type SealedSecrets = Pick<Webhook, 'id' | 'secretSealed' | 'formerSecretSealed' | 'rotatingUntil'>;

/** @returns one secret, or two during a rotation, the newest first @throws UnsealError */
export function signingSecrets(sealer: Sealer, webhook: SealedSecrets, now: Date): Buffer[] {
  const { id, secretSealed, formerSecretSealed, rotatingUntil } = webhook;
  const isRotating = rotatingUntil != null && rotatingUntil > now;
  const sealed = [secretSealed, ...(isRotating && formerSecretSealed ? [formerSecretSealed] : [])];
  return sealed.map((bytes) => sealer.unseal(bytes, id));
}
