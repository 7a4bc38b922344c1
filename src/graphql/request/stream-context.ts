/** The context of one event of a stream: of the present caller, without cookies and without limits. */
import type { Caller } from '../../domain/caller.ts';
import { RequestLimits } from '../rate-limits/rate-limit-headers.ts';
import type { Context, SessionCookies } from './context.ts';
import { createLoaders } from './loaders.ts';
import type { RequestUnit } from './unit.ts';

/** A stream is opened by its bearer token alone, and sets none. */
const noCookies: SessionCookies = {
  refreshToken: null,
  csrfToken: null,
  originAllowed: false,
  flowToken: null,
  keepSession: () => undefined,
  keepDevice: () => undefined,
  keepFlow: () => undefined,
  forgetSession: () => undefined,
};

export function streamContext(caller: Caller, unit: RequestUnit): Context {
  return {
    caller,
    unit,
    loaders: createLoaders(caller, unit),
    cookies: noCookies,
    limits: new RequestLimits(),
    deniedOperations: new Set(),
    requestedEntities: 0,
    isRouter: false,
    noteOperation: () => undefined,
  };
}
