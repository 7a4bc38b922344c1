/** What a list would otherwise fetch row by row: asked for one by one, read together, and once a request. */
import DataLoader from 'dataloader';
import type { Services } from '../domain/services.ts';
import type { ManagedUser } from '../domain/users.ts';

export interface Loaders {
  /** null: there is no such user. Deleted users are there until they are erased. */
  userById: DataLoader<string, ManagedUser | null>;
  /** null: the entry is not sealed yet. */
  sealOfEntry: DataLoader<string, string | null>;
}

/** As many as one statement may name: the rest are a second one. */
const maxBatchSize = 1000;

export function createLoaders({ users, auditTrail }: Services): Loaders {
  return {
    userById: new DataLoader((ids) => users.byIds(ids), { maxBatchSize }),
    sealOfEntry: new DataLoader((ids) => auditTrail.sealsOf(ids), { maxBatchSize }),
  };
}
