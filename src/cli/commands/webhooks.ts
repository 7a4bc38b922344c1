/** The arguments of `postern webhooks …`. */
import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';

export function registerWebhooks(program: Command, terminal: Terminal): void {
  program
    .command('webhooks')
    .description('show the deliveries of events to webhooks')
    .command('deliveries')
    .description('show the newest deliveries with their answers, at most 100')
    .option('--failed', 'only those that failed: a retry is due (FAILED), or none is left (ABANDONED)', false)
    .action(async (options: { failed: boolean }) => (await import('../webhooks.ts')).showDeliveries(terminal, options));
}
