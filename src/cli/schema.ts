/** `postern schema`: prints what is derived from the code. Needs neither database nor configuration. */
import { printEvents } from '../domain/events/reference.ts';
import { printPermissions } from '../graphql/permissions/permission-table.ts';
import { printSdl, printSubgraph } from '../graphql/sdl.ts';

export interface SchemaOptions {
  subgraph?: boolean;
  permissions?: boolean;
  events?: boolean;
}

export function schemaText({ subgraph, permissions, events }: SchemaOptions): string {
  if (permissions) return printPermissions().trimEnd();
  if (events) return printEvents().trimEnd();
  return (subgraph ? printSubgraph() : printSdl()).trimEnd();
}
