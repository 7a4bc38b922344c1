/** The name of a user; the id for other targets, and for roles that may not read users. */
import { useQuery } from '@tanstack/react-query';
import { operation } from '../data/operation.ts';
import { PersonNameDocument } from '../generated/operations.ts';
import { nameOf, usePermissions } from '../session/viewer.ts';

export function PersonLabel({ id }: { id: string }) {
  const canRead = usePermissions().has('users:read');
  const { data } = useQuery({
    ...operation('person', PersonNameDocument, { id }),
    enabled: canRead && id.length === 36,
  });
  return <bdi>{data?.user ? nameOf(data.user) : id}</bdi>;
}
