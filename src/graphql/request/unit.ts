/** The unit of work of one request: what the verbs that resolvers call need, taken together. */
import type { AccountDeps } from '../../domain/accounts/deps.ts';
import type { AuditDeps } from '../../domain/audit/deps.ts';

export type RequestUnit = AccountDeps & AuditDeps;
