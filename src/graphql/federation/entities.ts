/** Resolves the entities of a router. An unknown one is null, not an error: the rest of the batch concerns other entities. */
import { GraphQLError } from 'graphql';
import { Refusal } from '../../domain/errors.ts';
import { isId } from '../../domain/ids.ts';
import type { Context } from '../request/context.ts';
import type { ServiceAccount } from '../types/service-account.ts';
import type { User } from '../types/viewer.ts';

const maxRepresentations = 100;

/** A deleted user is unknown; a deleted service account stays known while audit entries refer to it. */
const finders: Readonly<Record<string, (id: string, context: Context) => Promise<User | ServiceAccount | null>>> = {
  async User(id, { loaders }) {
    const user = await loaders.userById.load(id);
    return user && user.status !== 'DELETED' ? user : null;
  },
  ServiceAccount: (id, { loaders }) => loaders.serviceAccountById.load(id),
};

/**
 * @returns one entity per representation, in order; null for an unknown or deleted one, and for any other type
 * @throws GraphQLError BAD_USER_INPUT, with the status 400, when a request asks for more than 100
 */
export function findEntities(
  representations: readonly unknown[],
  context: Context,
): Promise<(User | ServiceAccount | null)[]> {
  context.requestedEntities += representations.length;
  if (context.requestedEntities > maxRepresentations) {
    const message = `Ask for at most ${maxRepresentations} in one request.`;
    const fields = [{ path: 'representations', code: 'TOO_MANY', message }];
    const originalError = new Refusal('BAD_USER_INPUT', { fields });
    throw new GraphQLError(originalError.message, { originalError, extensions: { http: { status: 400 } } });
  }
  return Promise.all(representations.map((one) => findEntity(one, context)));
}

async function findEntity(representation: unknown, context: Context): Promise<User | ServiceAccount | null> {
  if (typeof representation !== 'object' || representation === null) return null;
  const { __typename: type, id }: { __typename?: unknown; id?: unknown } = representation;
  const find = typeof type === 'string' && Object.hasOwn(finders, type) ? finders[type] : undefined;
  return find && typeof id === 'string' && isId(id) ? find(id.toLowerCase(), context) : null;
}
