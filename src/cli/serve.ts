/** `postern serve`: starts the gateway, prints its address in development, and drains at the first signal. */
import { type RunningGateway, startGateway } from '../app/server.ts';
import { type Config, misspeltSettings, readConfig } from '../config/config.ts';
import { firstAdministrator } from '../domain/administration/first-administrator.ts';
import { createLogger } from '../logger.ts';
import { version } from '../version.ts';
import type { Terminal } from './terminal.ts';
import { lowerThreadPriority } from './thread-priority.ts';

const lastRequestsMs = 100;

export async function serve(terminal: Terminal, migrateFirst: boolean): Promise<void> {
  const config = readConfig();
  const logger = createLogger(config.logLevel);
  logger.info({ version }, 'starting');
  for (const { variable, setting } of misspeltSettings()) {
    logger.warn({ variable, setting }, `${variable} is not a setting. Did you mean ${setting}?`);
  }
  const requested = terminal.shutdownRequested();
  const { out: print, beforeExit } = terminal;
  const gateway = await startGateway(config, { logger, migrateFirst, print, beforeExit });
  await lowerThreadPriority();
  // In production standard output holds log records only.
  if (!config.basics.production) terminal.out(banner(config, gateway));
  await requested;
  await gateway.stop();
  // A request to a collector of traces that does not answer would keep the process for its whole deadline.
  setTimeout(() => process.exit(), lastRequestsMs).unref();
}

function banner({ http, limits, pages }: Config, running: RunningGateway): string {
  const { mailboxUrl, invitationUrl, sharesDatabase } = running;
  const { publicUrl, sandbox } = http;
  const unlimited = limits.allowlist.map(({ text }) => text).join(', ');
  const lines = [
    `Postern serves ${publicUrl}/graphql`,
    ...(pages.served.includes('account') ? [`Account        ${publicUrl}/account`] : []),
    ...(pages.served.includes('console') ? [`Console        ${publicUrl}/console`] : []),
    ...(sandbox ? [`Sandbox        ${publicUrl}/graphql in a browser`] : []),
    ...(mailboxUrl ? [`Mailbox        ${publicUrl}/dev/mailbox`] : []),
    ...(unlimited ? [`Limits         no limit by source for ${unlimited}`] : []),
    ...(sharesDatabase ? ['Database       shared with another running copy of this folder'] : []),
    ...(invitationUrl
      ? [
          `First step     open this link, which works once, and choose the password of ${firstAdministrator}:`,
          `               ${invitationUrl}`,
        ]
      : []),
  ];
  return ['', ...lines.map((line) => `  ${line}`), ''].join('\n');
}
