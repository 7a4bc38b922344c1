/** What every resolver and rule gets: who asks, and the services of this request. */
import type { Caller } from '../domain/caller.ts';
import type { Services } from '../domain/services.ts';

export interface Context {
  caller: Caller;
  services: Services;
}
