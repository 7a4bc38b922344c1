/** `postern schema`: prints what is derived from the code. Needs neither database nor configuration. */
import { printPermissions } from '../graphql/permissions/permission-table.ts';
import { printSdl, printSubgraph } from '../graphql/sdl.ts';

export function schemaText({ subgraph, permissions }: { subgraph?: boolean; permissions?: boolean }): string {
  const text = permissions ? printPermissions() : subgraph ? printSubgraph() : printSdl();
  return text.trimEnd();
}
