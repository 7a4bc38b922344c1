/** Resolves the entities of a router. An unknown one is null, not an error: the rest of the batch concerns other users. */
import { GraphQLError } from 'graphql';
import { Refusal } from '../../domain/errors.ts';
import { isId } from '../../domain/ids.ts';
import type { Context } from '../request/context.ts';
import type { User } from '../types/viewer.ts';

const maxRepresentations = 100;

/**
 * @returns one user per representation, in order; null for an unknown or deleted user, and for any other type
 * @throws GraphQLError BAD_USER_INPUT, with the status 400, when a request asks for more than 100
 */
export function findEntities(representations: readonly unknown[], context: Context): Promise<(User | null)[]> {
  context.requestedEntities += representations.length;
  if (context.requestedEntities > maxRepresentations) {
    const message = `Ask for at most ${maxRepresentations} in one request.`;
    const fields = [{ path: 'representations', code: 'TOO_MANY', message }];
    const originalError = new Refusal('BAD_USER_INPUT', { fields });
    throw new GraphQLError(originalError.message, { originalError, extensions: { http: { status: 400 } } });
  }
  return Promise.all(representations.map((one) => findUser(userIdIn(one), context)));
}

async function findUser(id: string | null, { loaders }: Context): Promise<User | null> {
  const user = id === null ? null : await loaders.userById.load(id);
  return user && user.status !== 'DELETED' ? user : null;
}

function userIdIn(representation: unknown): string | null {
  if (typeof representation !== 'object' || representation === null) return null;
  const { __typename, id }: { __typename?: unknown; id?: unknown } = representation;
  return __typename === 'User' && typeof id === 'string' && isId(id) ? id.toLowerCase() : null;
}
