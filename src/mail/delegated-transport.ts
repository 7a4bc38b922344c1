/** Hands rendered mails to the operator's own code instead of a mail server. */
import { DeliveryFailure } from './delivery-problem.ts';
import type { MailTransport, OutgoingMail, SmtpSettings } from './transport.ts';

export interface DelegatedMail extends Omit<OutgoingMail, 'writtenAt'> {
  from: SmtpSettings['from'];
  writtenAt: string;
}

/** `rejected`: this mail can never be delivered. `failed`: it is tried again. */
export type Delivery = 'delivered' | 'rejected' | 'failed';

export function createDelegatedTransport(
  from: SmtpSettings['from'],
  deliver: (mail: DelegatedMail) => Promise<Delivery>,
): MailTransport {
  return {
    async send({ writtenAt, ...mail }) {
      const delivery = await deliver({ ...mail, from, writtenAt: writtenAt.toISOString() });
      if (delivery === 'rejected') throw new DeliveryFailure('HOOK_REJECTED', 'refused');
      if (delivery === 'failed') throw new DeliveryFailure('HOOK_FAILED', 'away');
    },
    close: () => undefined,
  };
}
