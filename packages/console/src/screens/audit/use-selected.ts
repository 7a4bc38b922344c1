/** The entry of the address, from the list or, for a link to an older one, from the gateway. */
import { useQuery } from '@tanstack/react-query';
import { operation } from '../../data/operation.ts';
import { AuditEntriesDocument, type AuditEntryPartsFragment } from '../../generated/operations.ts';
import { filterOfEntry } from './search.ts';

export function useSelected(
  id: string | undefined,
  loaded: readonly AuditEntryPartsFragment[],
): AuditEntryPartsFragment | null {
  const found = loaded.find((entry) => entry.id === id);
  const { data } = useQuery({
    ...operation('audit-entry', AuditEntriesDocument, { first: 100, where: id ? filterOfEntry(id) : {} }),
    enabled: id !== undefined && found === undefined,
  });
  return found ?? data?.auditEntries.nodes.find((entry) => entry.id === id) ?? null;
}
