/** What every resolver and rule receives: the caller, the unit of work, and the state of this request. */

import type { Caller } from '../../domain/caller.ts';
import type { OperationKind } from '../../metrics/requests.ts';
import type { RequestLimits } from '../rate-limits/rate-limit-headers.ts';
import type { Loaders } from './loaders.ts';
import type { RequestUnit } from './unit.ts';

/** The cookies of a request and of its response; http/session-cookies.ts defines names and attributes. */
export interface SessionCookies {
  refreshToken: string | null;
  /** The header that proves that a script of the gateway or of an allowed origin sent the cookie. */
  csrfToken: string | null;
  /** Whether the `Origin` header names the gateway or an origin that may use cookies. */
  originAllowed: boolean;
  keepSession(refreshToken: string, expiresAt: Date): void;
  keepDevice(deviceToken: string): void;
  /** Of the browser that began a sign-in with a provider. */
  flowToken: string | null;
  keepFlow(flowToken: string, expiresAt: Date): void;
  forgetSession(): void;
}

export interface Context {
  caller: Caller;
  /** The unit of work of this request: what the verbs of the domain take first. */
  unit: RequestUnit;
  loaders: Loaders;
  cookies: SessionCookies;
  limits: RequestLimits;
  /** Notes the operation for metrics and log. @param fields its root fields: names of the schema */
  noteOperation(kind: OperationKind, fields: readonly string[]): void;
  /** Operations of this request whose denial is recorded: aliases of one operation are one denied call. */
  deniedOperations: Set<string>;
  /** The number of entities that this request has requested, under all aliases. */
  requestedEntities: number;
  /** Whether the request carries ROUTER_SECRET: it comes from the federation router, for any user. */
  isRouter: boolean;
}
