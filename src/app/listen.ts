/** Opens a listener, and explains a failure with the setting that is wrong. */
import type { FastifyInstance } from 'fastify';

export interface Place {
  host: string;
  port: number;
  /** The setting that gave the port. */
  setting: 'PORT' | 'METRICS_PORT';
}

export class ListenError extends Error {
  override name = 'ListenError';
}

/** @returns the address, such as http://127.0.0.1:4000 @throws ListenError */
export async function listen(server: FastifyInstance, { host, port, setting }: Place): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new ListenError(problemOf(code, { host, port, setting }), { cause: error });
  }
}

function problemOf(code: string, { host, port, setting }: Place): string {
  if (code === 'EADDRINUSE')
    return `${setting} ${port} is in use: stop the program that uses it, or set ${setting} to another port`;
  if (code === 'EACCES') return `${setting} ${port} is not allowed for this user: set ${setting} to a port above 1023`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `HOST ${host} is not an address of this machine: set HOST to one of its addresses, or to 0.0.0.0`;
  }
  return `cannot listen on HOST ${host}, ${setting} ${port} (${code || 'unknown error'}): set HOST and ${setting} to an address of this machine and a free port`;
}
