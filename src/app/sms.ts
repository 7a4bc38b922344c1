/** Wires the sending of text messages. */
import type { Config } from '../config/config.ts';
import { type Delivery, sendByHook } from '../domain/hooks/send.ts';
import { createOutbound, type OutboundOptions } from '../outbound/outbound.ts';
import { createPrintedSms } from '../outbound/sms/log.ts';
import type { SmsMessage, SmsProblem, SmsProvider } from '../outbound/sms/provider.ts';
import { createTwilio } from '../outbound/sms/twilio.ts';
import type { ClaimedSms } from '../persistence/sms/queue.ts';
import type { QueueWorker } from '../queue-worker.ts';
import { smsText } from '../sms/text.ts';
import { createSmsWorker } from '../sms/worker.ts';
import { untraced } from '../trace.ts';
import type { App } from './app.ts';

const defaultPollMs = 1000;

type Tools = Omit<OutboundOptions, 'settings'> & {
  print(text: string): void;
  /** Delivers by the hook `sendSms`. */
  deliver(message: SmsMessage): Promise<Delivery>;
};

/** @returns null: SMS_PROVIDER is not set */
export function createSmsProvider({ sms, outbound: settings }: Config, tools: Tools): SmsProvider | null {
  if (sms === null) return null;
  if (sms.provider === 'log') return createPrintedSms(tools.print);
  if (sms.provider === 'hook') return { send: async (message) => problemOf(await tools.deliver(message)) };
  return createTwilio(createOutbound({ ...tools, settings }), sms);
}

function problemOf(delivery: Delivery): SmsProblem | null {
  if (delivery === 'delivered') return null;
  return { code: 'hook', nature: delivery === 'rejected' ? 'final' : 'later' };
}

/** @returns null where no messages are sent */
export function createSmsSending(
  config: Config,
  app: App,
  print: (text: string) => void = () => undefined,
  pollMs = defaultPollMs,
): QueueWorker<ClaimedSms> | null {
  const unit = app.dependencies();
  const { em, clock } = unit;
  const { metrics, logger, sealer } = app;
  const trace = app.tracing ?? untraced;
  const nowMs = () => clock.now().getTime();
  const provider = createSmsProvider(config, {
    ...{ nowMs, metrics, trace, logger, print },
    deliver: (message) => sendByHook(unit, 'sendSms', message),
  });
  if (provider === null) return null;
  return createSmsWorker({
    fork: () => em.fork(),
    now: () => clock.now(),
    unseal: sealer.unseal,
    textOf: (sms) => smsText(sms, appearanceOf(config)),
    ...{ provider, pollMs, metrics, trace },
    report: (problem) => {
      if (problem.final) logger.error(problem, 'a text message failed permanently');
      else logger.warn(problem, 'a text message could not be sent');
    },
  });
}

/** The code is entered at the frontend, or at the pages of the gateway. */
export function appearanceOf({ mail }: Config) {
  return { productName: mail.productName, domain: new URL(mail.appUrl).hostname, locale: mail.locale };
}
