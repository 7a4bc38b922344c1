/** The certificate of a server. */
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { withoutBrackets } from '../loopback.ts';
import { OutboundUnavailable } from './errors.ts';

const timeoutMs = 5000;

/** @param url https: @returns the end of its validity @throws OutboundUnavailable */
export function readCertificateEnd(url: string): Promise<Date> {
  const { hostname, port } = new URL(url);
  const host = withoutBrackets(hostname);
  return new Promise((resolve, reject) => {
    const options = { host, port: Number(port || 443), ...(isIP(host) === 0 && { servername: host }) };
    const socket = connect(options, () => {
      resolve(new Date(socket.getPeerCertificate().valid_to));
      socket.destroy();
    });
    const end = (reason: string) => {
      reject(new OutboundUnavailable(reason));
      socket.destroy();
    };
    socket.setTimeout(timeoutMs, () => end('the server did not answer in time'));
    socket.on('error', (error) => end(`the call failed (${'code' in error ? error.code : 'unknown'})`));
  });
}
