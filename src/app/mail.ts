/** Wires the sending of mails: SMTP where it is configured, else the development mailbox. */
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { MailConfig } from '../config/mail.ts';
import { developmentFolder } from '../development/development.ts';
import { vetMail } from '../domain/accounts/registration/vet-registration.ts';
import { sendByHook } from '../domain/hooks/send.ts';
import { createDelegatedTransport } from '../mail/delegated-transport.ts';
import { createDevelopmentMailbox, type DevelopmentMailbox } from '../mail/development-mailbox.ts';
import { renderMail } from '../mail/templates.ts';
import { createSmtpTransport } from '../mail/transport.ts';
import { createOutboxWorker } from '../mail/worker.ts';
import type { ClaimedMail } from '../persistence/mail/outbox.ts';
import type { QueueWorker } from '../queue-worker.ts';
import { untraced } from '../trace.ts';
import type { App } from './app.ts';

const defaultPollMs = 1000;

/** @returns null where SMTP_URL is set, or a hook delivers the mails */
export function createMailbox(
  { mail: { smtpUrl }, hooks }: Pick<Config, 'mail' | 'hooks'>,
  print: (text: string) => void = () => undefined,
): DevelopmentMailbox | null {
  const isDelegated = hooks.some(({ point }) => point === 'sendMail');
  return smtpUrl === null && !isDelegated ? createDevelopmentMailbox(join(developmentFolder, 'mailbox'), print) : null;
}

export function createWorker(
  config: MailConfig,
  app: App,
  mailbox: DevelopmentMailbox | null,
  pollMs = defaultPollMs,
): QueueWorker<ClaimedMail> {
  const unit = app.dependencies();
  const { em, clock, hooks } = unit;
  return createOutboxWorker({
    fork: () => em.fork(),
    now: () => clock.now(),
    unseal: app.sealer.unseal,
    render: (mail) => renderMail(mail, config),
    vet: (mail) => vetMail(unit, mail),
    transport: hooks.has('sendMail')
      ? createDelegatedTransport(config.from, (mail) => sendByHook(unit, 'sendMail', mail))
      : (mailbox ?? createSmtpTransport({ ...config, url: config.smtpUrl ?? '' })),
    metrics: app.metrics,
    trace: app.tracing ?? untraced,
    pollMs,
    report: (problem) => {
      if (problem.final) app.logger.error(problem, 'a mail failed permanently');
      else app.logger.warn(problem, 'a mail could not be sent');
    },
  });
}
