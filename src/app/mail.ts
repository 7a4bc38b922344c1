/** Wires the sending of mails: SMTP where it is configured, else the development mailbox. */
import { join } from 'node:path';
import type { MailConfig } from '../config/mail.ts';
import { developmentFolder } from '../development/development.ts';
import { createDevelopmentMailbox, type DevelopmentMailbox } from '../mail/development-mailbox.ts';
import { renderMail } from '../mail/templates.ts';
import { createSmtpTransport } from '../mail/transport.ts';
import { createOutboxWorker } from '../mail/worker.ts';
import type { ClaimedMail } from '../persistence/mail/outbox.ts';
import type { QueueWorker } from '../queue-worker.ts';
import { untraced } from '../trace.ts';
import type { App } from './app.ts';

const defaultPollMs = 1000;

/** @returns null where SMTP_URL is set */
export function createMailbox(
  { smtpUrl }: MailConfig,
  print: (text: string) => void = () => undefined,
): DevelopmentMailbox | null {
  return smtpUrl === null ? createDevelopmentMailbox(join(developmentFolder, 'mailbox'), print) : null;
}

export function createWorker(
  config: MailConfig,
  app: App,
  mailbox: DevelopmentMailbox | null,
  pollMs = defaultPollMs,
): QueueWorker<ClaimedMail> {
  const { em, clock } = app.dependencies();
  return createOutboxWorker({
    fork: () => em.fork(),
    now: () => clock.now(),
    unseal: app.sealer.unseal,
    render: (mail) => renderMail(mail, config),
    transport: mailbox ?? createSmtpTransport({ ...config, url: config.smtpUrl ?? '' }),
    metrics: app.metrics,
    trace: app.tracing ?? untraced,
    pollMs,
    report: (problem) => {
      if (problem.final) app.logger.error(problem, 'a mail failed permanently');
      else app.logger.warn(problem, 'a mail could not be sent');
    },
  });
}
