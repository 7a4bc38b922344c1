/** What the domain needs of MikroORM, so that the package itself is imported in this room only. */
export { IsolationLevel, LockMode } from '@mikro-orm/core';
export type { EntityManager } from '@mikro-orm/postgresql';
