/** How a rendered mail leaves: SMTP where it is configured, else the development mailbox (development-mailbox.ts). */
import { createTransport } from 'nodemailer';
import type { RenderedMail } from './templates.ts';

export interface OutgoingMail extends RenderedMail {
  /** Stable over retries, as is the date: the Message-ID is made of it, and tells a second delivery from a second mail. */
  id: string;
  to: string;
  writtenAt: Date;
}

export interface MailTransport {
  /** @param signal ends the attempt, wherever it is */
  send(mail: OutgoingMail, signal: AbortSignal): Promise<void>;
  close(): void;
}

/**
 * Milliseconds. A server that does not greet is away. Later silence is given more time: a client that hangs up after the content
 * does not know whether it was taken, and sends it twice (RFC 5321 4.5.3.2.6).
 */
const deadlines = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 60_000 };

/** Marks the mail as automatic, so that no auto-reply answers it (RFC 3834 5; the second is Exchange's). */
const automatic = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };

export function createSmtpTransport(smtp: {
  url: string;
  requireTls: boolean;
  from: { name: string; address: string };
}): MailTransport {
  const transport = createTransport({
    url: smtp.url,
    // Without it a server, or an attacker in its place, that offers no STARTTLS gets the links in plain text.
    requireTLS: smtp.requireTls,
    ...deadlines,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = smtp.from.address.replace(/^.*@/, '');
  return {
    async send({ id, to, writtenAt, locale, subject, text, html }, signal) {
      await transport.sendMail({
        from: smtp.from,
        // As an object, nodemailer does not read a list of addresses out of it.
        to: { name: '', address: to },
        subject,
        text,
        html,
        date: writtenAt,
        messageId: `<${id}@${domain}>`,
        headers: { ...automatic, 'Content-Language': locale },
        signal,
      });
    },
    close: () => transport.close(),
  };
}
