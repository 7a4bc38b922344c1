/**
 * A subgraph of another team: reviews, and the users that wrote them. It stores no users and never calls Postern: the
 * identity token identifies the caller, and the gateway fetches the names of users.
 */
import { readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { Verification, Verifier } from '@postern/verify';
import { GraphQLError, parse } from 'graphql';

interface Review {
  id: string;
  text: string;
  /** Postern's id: the `userId` of the caller that wrote it. */
  authorId: string;
}

interface Context {
  verification: Verification;
}

export interface ReviewsOptions {
  /** Of identity tokens for the audience `reviews`: a token for another subgraph is refused. */
  verify: Verifier;
  port: number;
  /** Called with the headers of each request. */
  onRequest?: (headers: IncomingHttpHeaders) => void;
}

const typeDefs = parse(await readFile(new URL('./reviews.graphql', import.meta.url), 'utf8'));

export async function startReviews({ verify, port, onRequest }: ReviewsOptions) {
  const reviews: Review[] = [];
  const byAuthor = (id: string) => reviews.filter(({ authorId }) => authorId === id);
  const resolvers = {
    Query: { latestReviews: () => reviews.slice(-20).reverse() },
    Mutation: {
      writeReview(_parent: unknown, { input }: { input: { text: string } }, context: Context) {
        const { userId } = callerWith(context, 'profile:write');
        if (userId === null) throw refusal('FORBIDDEN', 'Only users write reviews.');
        const review = { id: String(reviews.length + 1), text: input.text, authorId: userId };
        reviews.push(review);
        return { review };
      },
      removeReview(_parent: unknown, { input }: { input: { id: string } }, context: Context) {
        callerWith(context, 'users:moderate', 'users:write');
        const index = reviews.findIndex(({ id }) => id === input.id);
        return { removed: index >= 0 && reviews.splice(index, 1).length > 0 };
      },
    },
    Review: { author: ({ authorId }: Review) => ({ __typename: 'User', id: authorId }) },
    User: { reviews: ({ id }: { id: string }) => byAuthor(id) },
  };
  const server = new ApolloServer<Context>({
    schema: buildSubgraphSchema([{ typeDefs, resolvers }]),
    plugins: [ApolloServerPluginInlineTraceDisabled()],
    // The caller that starts it also stops it.
    stopOnTerminationSignals: false,
  });
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port },
    async context({ req }) {
      onRequest?.(req.headers);
      const identity = req.headers['x-postern-identity'];
      return { verification: await verify(typeof identity === 'string' ? identity : null) };
    },
  });
  return { url, stop: () => server.stop() };
}

/**
 * The gateway has checked already (`@requiresScopes`); a subgraph checks again before a change. One of the permissions
 * is enough.
 */
function callerWith({ verification: { caller, problem } }: Context, ...permissions: string[]) {
  if (!caller)
    throw refusal('UNAUTHENTICATED', 'Authentication is required. Sign in, then try again.', { reason: problem });
  if (permissions.some((permission) => caller.permissions.includes(permission))) return caller;
  throw refusal('FORBIDDEN', 'You do not have permission for this operation.');
}

function refusal(code: string, message: string, extensions: object = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...extensions } });
}
