/** Service accounts as the API shows them. */
import { ServiceAccount, type ServiceAccountStatus } from '../../persistence/applications/service-account.ts';
import { Refusal } from '../errors.ts';
import { isId } from '../ids.ts';
import { type Page, type PageRequest, readPage } from '../page.ts';
import type { Unit } from '../transaction.ts';

export type { ServiceAccountStatus };

export interface ServiceAccountView {
  id: string;
  name: string;
  roleName: string;
  status: ServiceAccountStatus;
  createdAt: Date;
}

/** Deleted ones are omitted. @throws Refusal BAD_USER_INPUT */
export function listServiceAccounts({ em }: Unit, request: PageRequest): Promise<Page<ServiceAccountView>> {
  const where = { status: { $ne: 'DELETED' as const } };
  return readPage(request, {
    find: ({ keyset, orderBy, limit }) => em.fork().find(ServiceAccount, { ...where, ...keyset }, { orderBy, limit }),
    count: () => em.fork().count(ServiceAccount, where),
    toNode: serviceAccountView,
  });
}

/** @throws Refusal NOT_FOUND */
export async function serviceAccountById(unit: Unit, id: string): Promise<ServiceAccountView> {
  const [found] = isId(id) ? await serviceAccountsById(unit, [id]) : [];
  if (!found) throw new Refusal('NOT_FOUND');
  return found;
}

/** Deleted ones are found until they are erased. @returns in the order of the ids; null: there is none */
export async function serviceAccountsById(
  { em }: Unit,
  ids: readonly string[],
): Promise<(ServiceAccountView | null)[]> {
  const found = await em.fork().find(ServiceAccount, { id: [...ids] });
  const byId = new Map(found.map((account) => [account.id, serviceAccountView(account)]));
  return ids.map((id) => byId.get(id.toLowerCase()) ?? null);
}

export function serviceAccountView({ id, name, role, status, createdAt }: ServiceAccount): ServiceAccountView {
  return { id, name, roleName: role.name, status, createdAt };
}
