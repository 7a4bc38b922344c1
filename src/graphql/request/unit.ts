/** The unit of work of one request: the dependencies of the domain functions that resolvers call. */
import type { AccountDeps } from '../../domain/accounts/deps.ts';
import type { AuditDeps } from '../../domain/audit/deps.ts';

export type RequestUnit = AccountDeps & AuditDeps;
