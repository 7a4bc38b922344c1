/** The arguments of `postern schema`. */
import { type Command, Option } from 'commander';
import type { Terminal } from '../terminal.ts';

export function registerSchema(program: Command, terminal: Terminal): void {
  program
    .command('schema')
    .description('print the GraphQL schema; needs no database')
    .option('--subgraph', 'with Apollo Federation directives, for composing a supergraph')
    .addOption(new Option('--permissions', 'print the permission table instead').conflicts('subgraph'))
    .action(async (options: { subgraph?: boolean; permissions?: boolean }) => {
      const { schemaText } = await import('../schema.ts');
      terminal.out(schemaText(options));
    });
}
