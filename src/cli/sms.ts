/** `postern sms …`: sends a test message, and shows how many messages were sent. */
import { appearanceOf, createSmsProvider } from '../app/sms.ts';
import { type Config, ConfigError, readConfig } from '../config/config.ts';
import { readSmsBudget, readUsage } from '../domain/factors/sms/usage.ts';
import { type NumberProblem, readPhoneNumber } from '../domain/text/phone-number.ts';
import { createLogger } from '../logger.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { smsText } from '../sms/text.ts';
import { untraced } from '../trace.ts';
import { withMigratedApp } from './connect.ts';
import { exitCodes, type Terminal, UsageError } from './terminal.ts';

/** It opens nothing by itself: codes are random. */
const sampleCode = '12345678';

const numberProblems: Readonly<Record<NumberProblem, string>> = {
  malformed_number: 'enter a phone number in international form, for example +4915123456789',
  country: 'SMS_COUNTRIES does not name the country of this number',
  number_type: 'numbers of this kind (premium, shared cost, toll free, personal) get no messages',
};

/** The message counts in no budget. */
export async function testSms(terminal: Terminal, to: string): Promise<number> {
  const config = readConfig();
  const { sms: rules } = config.domain;
  if (config.sms?.provider === 'hook') throw new UsageError('SMS_PROVIDER is hook: run "postern hooks check"');
  const provider = createSmsProvider(config, {
    ...tools(),
    print: (text) => terminal.out(text),
    deliver: async () => 'failed',
  });
  if (provider === null || rules === null) throw withoutProvider();
  const phone = await readPhoneNumber(to, rules.countries);
  if ('problem' in phone) throw new UsageError(`--to: ${numberProblems[phone.problem]}`);
  const text = smsText({ to: phone.number, code: sampleCode, locale: null }, appearanceOf(config));
  const problem = await provider.send({ id: 'test', to: phone.number, text });
  if (problem === null) {
    terminal.out(`${providerOf(config)} accepted the message to ${phone.number}.`);
    return exitCodes.done;
  }
  terminal.error(`postern: ${providerOf(config)} refused the message: ${problem.code}. See docs/sms.md.`);
  return exitCodes.failed;
}

export async function showSmsUsage(terminal: Terminal): Promise<void> {
  await withMigratedApp(terminal, async ({ app }) => {
    const unit = app.dependencies();
    const budget = await readSmsBudget(unit);
    if (budget === null) throw withoutProvider();
    const lines = await readUsage(unit);
    terminal.out('country      sent  verified  withheld    failed');
    for (const { country, ...counts } of lines) terminal.out(`${country.padEnd(7)}${row(Object.values(counts))}`);
    if (lines.length === 0) terminal.out('No message in the last 7 days.');
    terminal.out(
      `SMS_BUDGET: ${budget.used} of ${budget.max} messages used until ${budget.windowEndsAt.toISOString()}.`,
    );
  });
}

function row(counts: readonly number[]): string {
  return counts.map((count) => String(count).padStart(10)).join('');
}

function tools() {
  const logger = createLogger('silent', process.stderr);
  return { nowMs: () => Date.now(), metrics: createMetrics(), trace: untraced, logger };
}

function providerOf({ sms }: Config): string {
  return sms?.provider === 'twilio' ? 'Twilio' : 'The terminal';
}

function withoutProvider(): ConfigError {
  return new ConfigError(['SMS_PROVIDER: is not set; docs/sms.md explains the settings']);
}
