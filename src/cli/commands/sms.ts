/** The arguments of `postern sms …`. */
import type { Command } from 'commander';
import type { Answer, Terminal } from '../terminal.ts';

export function registerSms(program: Command, terminal: Terminal, answer: Answer): void {
  const sms = program.command('sms').description('test the sending of text messages, and show their number');
  sms
    .command('test')
    .description('send one message and print what the provider answers; exit 1 when it refuses the message')
    .requiredOption('--to <number>', 'the phone number, for example +4915123456789')
    .action(async ({ to }: { to: string }) => answer(await (await work()).testSms(terminal, to)));
  sms
    .command('usage')
    .description('show the messages of the last 7 days by country, and the budget')
    .action(async () => (await work()).showSmsUsage(terminal));
}

const work = () => import('../sms.ts');
