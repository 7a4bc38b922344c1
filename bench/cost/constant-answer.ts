/** The minimum cost of the stack of the gateway: Apollo Server behind Fastify, with a constant response. */
import { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify from 'fastify';

const [, , port] = process.argv;
const typeDefs = 'type Viewer { id: ID! email: String! role: String! } type Query { viewer: Viewer }';
const viewer = { id: '01981c9e-6f00-7a3b-8c4d-5e6f708192a3', email: 'ada@example.com', role: 'USER' };
const apollo = new ApolloServer({ typeDefs, resolvers: { Query: { viewer: () => viewer } } });
await apollo.start();
const server = Fastify();
server.post('/graphql', fastifyApolloHandler(apollo));
server.get('/readyz', async () => 'ready');
await server.listen({ host: '127.0.0.1', port: Number(port) });
process.once('SIGTERM', () => server.close());
