/** For orchestrators: whether the process runs, and whether it can serve. */
import type { FastifyInstance } from 'fastify';
import { version } from '../../version.ts';
import type { HttpOptions } from '../options.ts';

export function registerHealth(server: FastifyInstance, { readiness }: HttpOptions): void {
  server.get('/livez', { config: { probe: true } }, async (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send('ok\n'),
  );
  server.get('/readyz', { config: { probe: true } }, async (_request, reply) => {
    const checks = await readiness();
    const ready = checks.every(({ state }) => state !== 'failed');
    const lines = checks.map(({ name, state, detail }) => `${name}: ${state} (${detail})\n`);
    lines.push(`version: ok (${version})\n`);
    return reply
      .code(ready ? 200 : 503)
      .type('text/plain; charset=utf-8')
      .send(lines.join(''));
  });
}
