/** The second factors of users as the API shows them. */
import { findRolesReaching } from '../../persistence/access/roles.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { BackupCode } from '../../persistence/factors/backup-code.ts';
import { Phone } from '../../persistence/factors/phone.ts';
import type { FactorDeps } from './deps.ts';
import { findSecondFactors, type MfaMethod } from './second-factors.ts';

export interface MfaStatus {
  enabled: boolean;
  methods: MfaMethod[];
  backupCodesRemaining: number;
  /** Whether the role of the user requires a second factor. */
  required: boolean;
}

type Deps = Pick<FactorDeps, 'em' | 'settings'>;

export async function mfaStatusOf(
  deps: Deps,
  { id, role }: { id: string; role: { name: string } },
): Promise<MfaStatus> {
  const [status] = await mfaStatusesOf(deps, [{ id, roleName: role.name }]);
  if (!status) throw new Error('no status was read for the user');
  return status;
}

/** @returns one status for each user, in the order of the users */
export async function mfaStatusesOf(
  { em, settings }: Deps,
  users: readonly { id: string; roleName: string }[],
): Promise<MfaStatus[]> {
  const reading = em.fork();
  const ids = users.map(({ id }) => id);
  const factors = await findSecondFactors(reading, ids);
  const rolesThatRequire = await findRolesReaching(reading, settings.mfaRequiredFor);
  const having = [...factors.keys()];
  const codes = having.length > 0 ? await reading.find(BackupCode, { user: having, usedAt: null }) : [];
  const codesByUser = Map.groupBy(codes, ({ user }) => user.id);
  const withPhone = await holdersOfFactorPhones(reading, settings, having);
  return users.map(({ id, roleName }) => {
    const methods: MfaMethod[] = [...(factors.get(id) ?? [])];
    const backupCodesRemaining = codesByUser.get(id)?.length ?? 0;
    if (backupCodesRemaining > 0) methods.push('BACKUP_CODE');
    const required = rolesThatRequire.has(roleName);
    if (withPhone.has(id) && !required) methods.push('SMS_CODE');
    return { enabled: methods.length > 0, methods, backupCodesRemaining, required };
  });
}

/** As findFactorPhone of phone-factor.ts decides for one user with another factor. */
async function holdersOfFactorPhones(
  em: EntityManager,
  { sms }: FactorDeps['settings'],
  userIds: readonly string[],
): Promise<Set<string>> {
  if (!sms?.asFactor || userIds.length === 0) return new Set();
  const usable = { user: [...userIds], factor: true, verifiedAt: { $ne: null }, country: [...sms.countries] };
  const phones = await em.find(Phone, usable, { fields: ['user'], disableIdentityMap: true });
  return new Set(phones.map(({ user }) => user.id));
}
