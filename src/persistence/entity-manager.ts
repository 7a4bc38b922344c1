/** The part of MikroORM that the domain uses: only persistence imports the package. */
export { IsolationLevel, LockMode } from '@mikro-orm/core';
export type { EntityManager } from '@mikro-orm/postgresql';
