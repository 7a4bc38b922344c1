/** The unit of work of one request: the dependencies of the domain functions that resolvers call. */
import type { AccountDeps } from '../../domain/accounts/deps.ts';
import type { SettingsDeps } from '../../domain/administration/effective-settings.ts';
import type { AuditDeps } from '../../domain/audit/deps.ts';
import type { ReadingUnit } from '../../domain/read-replica.ts';

export type RequestUnit = AccountDeps & AuditDeps & ReadingUnit & SettingsDeps;
