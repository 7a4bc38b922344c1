/** What every resolver and rule receives: the caller, the unit of work, the loaders and the cookies of the request. */
import type { Caller } from '../../domain/caller.ts';
import type { DomainDependencies } from '../../domain/dependencies.ts';
import type { OperationKind } from '../../metrics.ts';
import type { RequestLimits } from '../rate-limits/rate-limit-headers.ts';
import type { Loaders } from './loaders.ts';

/** The cookies of a request and of its answer; names and attributes are http/session-cookies.ts. */
export interface SessionCookies {
  refreshToken: string | null;
  /** The header that proves that an allowed script sent the cookie. */
  csrfToken: string | null;
  /** Whether the request says that it comes from the gateway itself or from an origin that is allowed to use cookies. */
  originAllowed: boolean;
  keepSession(refreshToken: string, expiresAt: Date): void;
  keepDevice(deviceToken: string): void;
  forgetSession(): void;
}

export interface Context {
  caller: Caller;
  /** The unit of work of this request: what the verbs of the domain take first. */
  unit: DomainDependencies;
  loaders: Loaders;
  cookies: SessionCookies;
  limits: RequestLimits;
  /** Notes the operation for the metrics and the log. @param fields its root fields: names of the schema */
  noteOperation(kind: OperationKind, fields: readonly string[]): void;
  /** Operations of this request whose denial is on the audit trail: aliases of one operation are one denied call. */
  deniedOperations: Set<string>;
  /** Whether the request carries ROUTER_SECRET: it comes from the federation router, for any user. */
  isRouter: boolean;
}
