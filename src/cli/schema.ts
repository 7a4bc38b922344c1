/** `postern schema`: prints what is derived from the code. Needs neither database nor configuration. */
import { type Command, Option } from 'commander';
import { printPermissions } from '../graphql/permissions/permission-table.ts';
import { printSdl, printSubgraph } from '../graphql/sdl.ts';
import type { Terminal } from './terminal.ts';

export function registerSchema(program: Command, terminal: Terminal): void {
  program
    .command('schema')
    .description('print the GraphQL schema; needs no database')
    .option('--subgraph', 'with Apollo Federation directives, for composing a supergraph')
    .addOption(new Option('--permissions', 'print the permission table instead').conflicts('subgraph'))
    .action(({ subgraph, permissions }: { subgraph?: boolean; permissions?: boolean }) => {
      const text = permissions ? printPermissions() : subgraph ? printSubgraph() : printSdl();
      terminal.out(text.trimEnd());
    });
}
