/** The arguments of `postern risk …`. */
import type { Command } from 'commander';
import type { Answer, Terminal } from '../terminal.ts';

export function registerRisk(program: Command, terminal: Terminal, answer: Answer): void {
  program
    .command('risk')
    .description('explain the risk assessment')
    .command('explain')
    .description('print the location of an address, the networks that match it, and whether a rule refuses it')
    .requiredOption('--ip <address>', 'an IPv4 or IPv6 address')
    .action(async (options: { ip: string }) => {
      const { explainRisk } = await import('../risk.ts');
      answer(await explainRisk(terminal, options));
    });
}
