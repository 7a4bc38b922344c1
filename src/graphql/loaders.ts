/** What a list would otherwise fetch row by row: asked for one by one, read together, and once a request. */
import DataLoader from 'dataloader';
import type { Caller, Role, Session } from '../domain/caller.ts';
import type { MfaStatus } from '../domain/second-factors.ts';
import type { Services } from '../domain/services.ts';
import type { ManagedUser } from '../domain/users.ts';

export interface Loaders {
  /** null: there is no such user. Deleted users are there until they are erased. */
  userById: DataLoader<string, ManagedUser | null>;
  roleByName: DataLoader<string, Role>;
  /** Until when nobody but a trusted device can sign in to the account of an address; null: it is not locked. */
  lockByEmail: DataLoader<string, Date | null>;
  /** By what is known of the user already; one is another by their id. */
  mfaByUser: DataLoader<{ id: string; roleName: string }, MfaStatus, string>;
  /** The living ones, newest first. */
  sessionsByUserId: DataLoader<string, Session[]>;
  /** null: the entry is not sealed yet. */
  sealOfEntry: DataLoader<string, string | null>;
}

/** As many as one statement may name: the rest are a second one. */
const maxBatchSize = 1000;

export function createLoaders(caller: Caller, services: Services): Loaders {
  const { users, roles, sessions, secondFactors, auditTrail } = services;
  return {
    userById: new DataLoader((ids) => users.byIds(ids), { maxBatchSize }),
    roleByName: new DataLoader((names) => roles.byNames(names), { maxBatchSize }),
    lockByEmail: new DataLoader((emails) => users.locksOf(emails), { maxBatchSize }),
    mfaByUser: new DataLoader((managed) => secondFactors.statusesOf(managed), {
      maxBatchSize,
      cacheKeyFn: ({ id }) => id,
    }),
    sessionsByUserId: new DataLoader((ids) => sessions.ofUsers(caller, ids), { maxBatchSize }),
    sealOfEntry: new DataLoader((ids) => auditTrail.sealsOf(ids), { maxBatchSize }),
  };
}
