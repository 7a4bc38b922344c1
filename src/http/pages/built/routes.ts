/**
 * `/account` and `/console`: the pages of an application are one HTML file, its assets are the files of its build. A path
 * that is neither is unknown: no path of the file system is made from a request.
 */
import type { FastifyInstance } from 'fastify';
import { captchaWorkerHeaders, isCaptchaWorker } from './headers.ts';
import type { ServedApplication } from './load.ts';
import { sendFile } from './served-file.ts';

const year = 31_536_000;

export function registerApplication(server: FastifyInstance, application: ServedApplication): void {
  const { name, start, paths, html, htmlHeaders, files } = application;
  server.get(`/${name}`, (_request, reply) => reply.redirect(`${start}${paths[0]}`, 302));
  for (const path of paths) {
    server.get(`/${name}/${path}`, (request, reply) => sendFile(request, reply.headers(htmlHeaders), html));
  }
  const cacheable = { config: { cacheable: true } };
  server.get<{ Params: { file: string } }>(`/${name}/assets/:file`, cacheable, (request, reply) => {
    const file = files.get(request.params.file);
    if (file === undefined) return reply.callNotFound();
    reply.headers({
      'cache-control': `public, max-age=${year}, immutable`,
      'cross-origin-resource-policy': 'same-origin',
      ...(isCaptchaWorker(request.params.file) && captchaWorkerHeaders),
    });
    return sendFile(request, reply, file);
  });
}
