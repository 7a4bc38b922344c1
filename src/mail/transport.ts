/** How a rendered mail leaves: SMTP where it is configured, else the development mailbox (development-mailbox.ts). */
import { createTransport } from 'nodemailer';
import type { RenderedMail } from './templates.ts';

export interface OutgoingMail extends RenderedMail {
  /** Stable over retries: the Message-ID is made of it. */
  id: string;
  to: string;
}

export interface MailTransport {
  send(mail: OutgoingMail): Promise<void>;
  close(): void;
}

/** A mail server that accepts and then falls silent must not hold the worker for long. Milliseconds. */
const deadlines = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

export function createSmtpTransport(smtp: { url: string; from: string }): MailTransport {
  const transport = createTransport({ url: smtp.url, ...deadlines, disableFileAccess: true, disableUrlAccess: true });
  const domain = smtp.from.replace(/^.*@|>.*$/g, '');
  return {
    async send({ id, to, subject, text, html }) {
      await transport.sendMail({
        from: smtp.from,
        // As an object, nodemailer does not read a list of addresses out of it.
        to: { name: '', address: to },
        subject,
        text,
        html,
        messageId: `<${id}@${domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    },
    close: () => transport.close(),
  };
}
