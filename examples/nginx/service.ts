/**
 * A service behind nginx: it reads the identity of the caller from headers, and verifies the token that proves that
 * Postern wrote them.
 */
import { createServer } from 'node:http';
import { createVerifier } from '@postern/verify';

const verify = createVerifier({ issuer: 'http://localhost:4000', tokens: 'identity' });

const server = createServer(async (request, response) => {
  const { caller, problem } = await verify(request.headers['x-auth-token']?.toString());
  response.writeHead(caller ? 200 : 401, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(caller ? { path: request.url, caller } : { problem })}\n`);
});
server.listen(8000, '127.0.0.1');
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.close());
