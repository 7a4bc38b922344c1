/** HTTP by hand: for requests that no client would send, and for responses byte for byte. */
import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  headers: Headers;
  /** The body, including the chunk sizes of a chunked one. */
  text: string;
  /** All received bytes. */
  whole: string;
}

const timeoutMs = 15_000;

/**
 * @param request must make the server close the connection: `Connection: close`, or bytes that it cannot parse further
 * @throws Error when the server does not close it in time
 */
export async function sendRaw(url: string, request: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const whole = await new Promise<string>((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no end of the answer within ${timeoutMs} ms`)));
    socket.on('data', (chunk) => chunks.push(chunk));
    // A server that has responded need not read the remaining bytes.
    socket.on('error', (error) => (chunks.length > 0 ? undefined : reject(error)));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
  });
  return parse(whole);
}

function parse(whole: string): RawAnswer {
  const [head = '', ...rest] = whole.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return {
    status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1] ?? 0),
    headers: new Headers(pairs),
    text: rest.join('\r\n\r\n'),
    whole,
  };
}
