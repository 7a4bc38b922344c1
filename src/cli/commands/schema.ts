/** The arguments of `postern schema`. */
import { type Command, Option } from 'commander';
import type { SchemaOptions } from '../schema.ts';
import type { Terminal } from '../terminal.ts';

export function registerSchema(program: Command, terminal: Terminal): void {
  program
    .command('schema')
    .description('print the GraphQL schema; needs no database')
    .option('--subgraph', 'with Apollo Federation directives, for composing a supergraph')
    .addOption(new Option('--permissions', 'print the permission table instead').conflicts('subgraph'))
    .addOption(
      new Option('--events', 'print the events and their schemas instead').conflicts(['subgraph', 'permissions']),
    )
    .action(async (options: SchemaOptions) => {
      const { schemaText } = await import('../schema.ts');
      terminal.out(schemaText(options));
    });
}
