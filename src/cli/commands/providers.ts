/** The arguments of `postern providers …`. */
import type { Command } from 'commander';
import type { Answer, Terminal } from '../terminal.ts';

export function registerProviders(program: Command, terminal: Terminal, answer: Answer): void {
  const providers = program.command('providers').description('list and test the identity providers');
  providers
    .command('list')
    .description('show every provider and the address to register there')
    .action(async () => (await work()).listProviders(terminal));
  providers
    .command('test')
    .description('read the metadata of a provider; exit 1 with what is wrong')
    .argument('<slug>', 'the slug of "postern providers list"')
    .action(async (slug: string) => answer(await (await work()).testProvider(terminal, slug)));
}

const work = () => import('../providers.ts');
