/** The unit of work of one request: the dependencies of the domain functions that resolvers call. */
import type { AccountDeps } from '../../domain/accounts/deps.ts';
import type { SettingsDeps } from '../../domain/administration/effective-settings.ts';
import type { ApplicationDeps } from '../../domain/applications/deps.ts';
import type { AuditDeps } from '../../domain/audit/deps.ts';
import type { CleanUpDeps } from '../../domain/operations/clean-up.ts';
import type { ReadingUnit } from '../../domain/read-replica.ts';
import type { WebhookDeps } from '../../domain/webhooks/deps.ts';

export type RequestUnit = AccountDeps &
  ApplicationDeps &
  AuditDeps &
  CleanUpDeps &
  ReadingUnit &
  SettingsDeps &
  WebhookDeps;
