/** A file in memory, with its compressed copies, and its response. */
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';

export interface ServedFile {
  type: string;
  content: Buffer;
  br?: Buffer;
  gzip?: Buffer;
}

/** Fonts and PNG images are compressed already. */
export function compressed(type: string): boolean {
  return type.startsWith('text/') || type === 'image/svg+xml';
}

/** For a file that is made at the start. */
export function createFile(type: string, content: Buffer): ServedFile {
  return compressed(type)
    ? { type, content, br: brotliCompressSync(content), gzip: gzipSync(content) }
    : { type, content };
}

export function sendFile(request: FastifyRequest, reply: FastifyReply, file: ServedFile): FastifyReply {
  reply.type(file.type).header('vary', 'accept-encoding');
  const accepted = new Negotiator(request).encodings(['br', 'gzip']);
  for (const encoding of ['br', 'gzip'] as const) {
    const content = file[encoding];
    if (content && accepted.includes(encoding)) return reply.header('content-encoding', encoding).send(content);
  }
  return reply.send(file.content);
}
