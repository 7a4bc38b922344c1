/** Batches what a list would otherwise read row by row, once per request. */
import DataLoader from 'dataloader';
import { rolesByName } from '../../domain/administration/roles.ts';
import { type ManagedUser, usersById } from '../../domain/administration/users.ts';
import { type ServiceAccountView, serviceAccountsById } from '../../domain/applications/service-accounts.ts';
import { findSignInLocks } from '../../domain/attempts/sign-in-locks.ts';
import {
  type AuditedUser,
  type AuditRecord,
  countEntriesAbout,
  entriesAbout,
  type Seal,
  sealsOf,
} from '../../domain/audit/trail.ts';
import type { Caller, Role, Session } from '../../domain/caller.ts';
import { type MfaStatus, mfaStatusesOf } from '../../domain/factors/mfa-status.ts';
import { type IdentityView, identitiesOfUsers } from '../../domain/identities/list.ts';
import type { Slice } from '../../domain/page.ts';
import { readNearby } from '../../domain/read-replica.ts';
import { ownersOfSessions, sessionsOfUsers } from '../../domain/sessions/list.ts';
import type { RequestUnit } from './unit.ts';

export interface Loaders {
  /** null: the user does not exist. Deleted users are found until they are erased. */
  userById: DataLoader<string, ManagedUser | null>;
  roleByName: DataLoader<string, Role>;
  /** null: the service account does not exist. Deleted ones are found until they are erased. */
  serviceAccountById: DataLoader<string, ServiceAccountView | null>;
  /** The end of the account's lock, which trusted devices bypass; null: the account is not locked. */
  lockByEmail: DataLoader<string, Date | null>;
  /** The identities of a user at configured providers, oldest first. */
  identitiesByUserId: DataLoader<string, IdentityView[]>;
  /** Keyed by the id of the user. */
  mfaByUser: DataLoader<{ id: string; roleName: string }, MfaStatus, string>;
  /** Sessions that are neither ended nor expired, newest first. */
  sessionsByUserId: DataLoader<string, Session[]>;
  /** null: the session does not exist any more. */
  ownerOfSession: DataLoader<string, string | null>;
  /** One slice of the list of audit entries about a user. */
  auditEntriesAbout: (slice: Slice) => DataLoader<AuditedUser, AuditRecord[], string>;
  auditCountAbout: DataLoader<AuditedUser, number, string>;
  /** null: the entry is not sealed yet. */
  sealOfEntry: DataLoader<string, Seal | null>;
}

/** The number of keys in one statement; more keys make further statements. */
const maxBatchSize = 1000;

export function createLoaders(caller: Caller, unit: RequestUnit): Loaders {
  return {
    userById: new DataLoader((ids) => usersById(unit, ids), { maxBatchSize }),
    roleByName: new DataLoader((names) => rolesByName(unit, names), { maxBatchSize }),
    serviceAccountById: new DataLoader((ids) => serviceAccountsById(unit, ids), { maxBatchSize }),
    lockByEmail: new DataLoader((emails) => findSignInLocks(unit, emails), { maxBatchSize }),
    identitiesByUserId: new DataLoader((ids) => identitiesOfUsers(unit, ids), { maxBatchSize }),
    mfaByUser: byId((managed) => mfaStatusesOf(unit, managed)),
    sessionsByUserId: new DataLoader((ids) => sessionsOfUsers(unit, caller, ids), { maxBatchSize }),
    ownerOfSession: new DataLoader((ids) => ownersOfSessions(unit, ids), { maxBatchSize }),
    auditEntriesAbout: byPart((slice) =>
      byId((about) => readNearby(unit, caller, (reading) => entriesAbout(reading, about, slice))),
    ),
    auditCountAbout: byId((about) => readNearby(unit, caller, (reading) => countEntriesAbout(reading, about))),
    sealOfEntry: new DataLoader((ids) => sealsOf(unit, ids), { maxBatchSize }),
  };
}

/** A loader whose keys are identified by their id. */
function byId<Key extends { id: string }, Value>(read: DataLoader.BatchLoadFn<Key, Value>) {
  return new DataLoader<Key, Value, string>(read, { maxBatchSize, cacheKeyFn: ({ id }) => id });
}

/** One loader for each slice of the lists that a document requests. */
function byPart<Key, Value>(create: (slice: Slice) => DataLoader<Key, Value, string>) {
  const loaders = new Map<string, DataLoader<Key, Value, string>>();
  return (slice: Slice) => {
    const part = JSON.stringify(slice);
    const loader = loaders.get(part) ?? create(slice);
    loaders.set(part, loader);
    return loader;
  };
}
