/** The unit of work of one request: the dependencies of the domain functions that resolvers call. */
import type { SettingsDeps } from '../../domain/administration/effective-settings.ts';
import type { ImportDeps } from '../../domain/administration/import/run.ts';
import type { ApplicationDeps } from '../../domain/applications/deps.ts';
import type { AuditDeps } from '../../domain/audit/deps.ts';
import type { CleanUpDeps } from '../../domain/operations/clean-up.ts';
import type { ReadingUnit } from '../../domain/read-replica.ts';
import type { WebhookDeps } from '../../domain/webhooks/deps.ts';

export type RequestUnit = ImportDeps &
  ApplicationDeps &
  AuditDeps &
  CleanUpDeps &
  ReadingUnit &
  SettingsDeps &
  WebhookDeps;
