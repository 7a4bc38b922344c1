/** Opens a listener, and explains a failure with the setting that is wrong. */
import type { FastifyInstance } from 'fastify';

export interface Place {
  host: string;
  port: number;
  /** The setting that gave the port. */
  setting: 'PORT' | 'METRICS_PORT' | 'GATEWAY_PORT';
}

export class ListenError extends Error {
  override name = 'ListenError';
}

/** @returns the address, such as http://127.0.0.1:4000 @throws ListenError */
export function listen(server: FastifyInstance, place: Place): Promise<string> {
  const { host, port } = place;
  return opened(server.listen({ host, port }), place);
}

/** @param listening the address of a listener that is being opened @throws ListenError */
export async function opened(listening: Promise<string>, place: Place): Promise<string> {
  try {
    return await listening;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new ListenError(problemOf(code, place), { cause: error });
  }
}

function problemOf(code: string, { host, port, setting }: Place): string {
  const address = setting === 'GATEWAY_PORT' ? 'GATEWAY_HOST' : 'HOST';
  if (code === 'EADDRINUSE')
    return `${setting} ${port} is in use: stop the program that uses it, or set ${setting} to another port`;
  if (code === 'EACCES') return `${setting} ${port} is not allowed for this user: set ${setting} to a port above 1023`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `${address} ${host} is not an address of this machine: set ${address} to one of its addresses, or to 0.0.0.0`;
  }
  return `cannot listen on ${address} ${host}, ${setting} ${port} (${code || 'unknown error'}): set ${address} and ${setting} to an address of this machine and a free port`;
}
