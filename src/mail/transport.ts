/** Sends rendered mails by SMTP. Without SMTP_URL, development-mailbox.ts stores them. */
import type { Transporter } from 'nodemailer';
import type { RenderedMail } from './templates.ts';

export interface OutgoingMail extends RenderedMail {
  /** The Message-ID contains it. Id and date stay the same over retries, so recipients recognise a repeated delivery. */
  id: string;
  kind: string;
  to: string;
  writtenAt: Date;
}

export interface MailTransport {
  /** @param signal ends the attempt */
  send(mail: OutgoingMail, signal: AbortSignal): Promise<void>;
  close(): void;
}

/**
 * Milliseconds. A server without a greeting is unavailable. Later silence gets more time: a client that disconnects after
 * the content does not know whether the server accepted it, and sends it twice (RFC 5321 4.5.3.2.6).
 */
const deadlines = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 60_000 };

/** Mark the mail as automatic and suppress automatic replies (RFC 3834 5; Exchange reads the second header). */
const automatic = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };

export interface SmtpSettings {
  url: string;
  requireTls: boolean;
  from: { name: string; address: string };
}

export function createSmtpTransport(settings: SmtpSettings): MailTransport {
  const { from } = settings;
  let transport: Transporter | null = null;
  const domain = from.address.replace(/^.*@/, '');
  return {
    async send({ id, to, writtenAt, locale, subject, text, html }, signal) {
      transport ??= await openTransport(settings);
      await transport.sendMail({
        from,
        // nodemailer would parse a string as a list of addresses.
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
    close: () => transport?.close(),
  };
}

/** Milliseconds. An operator waits for the answer. */
const checkDeadlines = { connectionTimeout: 5000, greetingTimeout: 5000, socketTimeout: 5000 };

/** Connects and signs in as a delivery does, and sends nothing. */
export async function verifySmtp(settings: SmtpSettings): Promise<void> {
  const transport = await openTransport(settings, checkDeadlines);
  try {
    await transport.verify();
  } finally {
    transport.close();
  }
}

/** Imports nodemailer with the first mail: the gateway is ready earlier. */
async function openTransport({ url, requireTls }: SmtpSettings, within = deadlines): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    url,
    // Otherwise an attacker between gateway and server could remove STARTTLS and read the links of the mails.
    requireTLS: requireTls,
    ...within,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}
