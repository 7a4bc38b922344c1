/** Batches what a list would otherwise read row by row, once per request. */
import DataLoader from 'dataloader';
import type { ManagedUser } from '../../domain/administration/users.ts';
import { findSignInLocks } from '../../domain/attempts/sign-in-locks.ts';
import {
  type AuditedUser,
  type AuditRecord,
  countEntriesAbout,
  entriesAbout,
  sealsOf,
} from '../../domain/audit/trail.ts';
import type { Caller, Role, Session } from '../../domain/caller.ts';
import type { DomainDependencies } from '../../domain/dependencies.ts';
import { type MfaStatus, mfaStatusesOf } from '../../domain/factors/mfa-status.ts';
import type { Slice } from '../../domain/page.ts';
import type { Services } from '../../domain/services.ts';
import { sessionsOfUsers } from '../../domain/sessions/list.ts';

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
  /** The audit entries about a user that are in a part of their list. */
  auditEntriesAbout: (slice: Slice) => DataLoader<AuditedUser, AuditRecord[], string>;
  auditCountAbout: DataLoader<AuditedUser, number, string>;
  /** null: the entry is not sealed yet. */
  sealOfEntry: DataLoader<string, string | null>;
}

/** As many as one statement may name: the rest are a second one. */
const maxBatchSize = 1000;

export function createLoaders(caller: Caller, unit: DomainDependencies, services: Services): Loaders {
  const { users, roles } = services;
  return {
    userById: new DataLoader((ids) => users.byIds(ids), { maxBatchSize }),
    roleByName: new DataLoader((names) => roles.byNames(names), { maxBatchSize }),
    lockByEmail: new DataLoader((emails) => findSignInLocks(unit, emails), { maxBatchSize }),
    mfaByUser: byId((managed) => mfaStatusesOf(unit, managed)),
    sessionsByUserId: new DataLoader((ids) => sessionsOfUsers(unit, caller, ids), { maxBatchSize }),
    auditEntriesAbout: byPart((slice) => byId((about) => entriesAbout(unit, about, slice))),
    auditCountAbout: byId((about) => countEntriesAbout(unit, about)),
    sealOfEntry: new DataLoader((ids) => sealsOf(unit, ids), { maxBatchSize }),
  };
}

/** What is asked for by more than an id, and is another by its id. */
function byId<Key extends { id: string }, Value>(read: DataLoader.BatchLoadFn<Key, Value>) {
  return new DataLoader<Key, Value, string>(read, { maxBatchSize, cacheKeyFn: ({ id }) => id });
}

/** A loader for each part of their lists that a document asks for. */
function byPart<Key, Value>(create: (slice: Slice) => DataLoader<Key, Value, string>) {
  const loaders = new Map<string, DataLoader<Key, Value, string>>();
  return (slice: Slice) => {
    const part = JSON.stringify(slice);
    const loader = loaders.get(part) ?? create(slice);
    loaders.set(part, loader);
    return loader;
  };
}
