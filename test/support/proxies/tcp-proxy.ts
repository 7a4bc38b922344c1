/** A proxy between the gateway and its database that can fail as networks do. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { portOf } from '../servers/free-port.ts';

export interface TcpProxy {
  /** The address of the target through the proxy. */
  url: string;
  /** Closes every connection and refuses new ones. */
  cut(): Promise<void>;
  /** Accepts connections and keeps them, but forwards nothing. */
  freeze(): void;
  /** Forwards the waiting bytes and all later ones. */
  restore(): Promise<void>;
  /** Forwards new connections; the frozen ones never get a byte, as after a failover. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port: targetPort } = new URL(target);
  const pairs = new Set<{ near: Socket; far: Socket }>();
  let frozen = false;
  let server: Server | null = null;

  const flow = ({ near, far }: { near: Socket; far: Socket }) => {
    near.pipe(far);
    far.pipe(near);
  };

  const listen = async (port: number): Promise<number> => {
    server = createServer((near) => {
      const pair = { near, far: connect(Number(targetPort), hostname) };
      pairs.add(pair);
      for (const socket of [near, pair.far]) {
        // Broken connections are expected here.
        socket.on('error', () => undefined);
        socket.on('close', () => {
          near.destroy();
          if (!frozen) pair.far.destroy();
          pairs.delete(pair);
        });
      }
      if (!frozen) flow(pair);
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    return portOf(server);
  };

  const cut = async () => {
    const closing = server;
    server = null;
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
    if (!closing) return;
    closing.close();
    await once(closing, 'close');
  };

  const port = await listen(0);
  const url = new URL(target);
  url.host = `127.0.0.1:${port}`;
  return {
    url: url.href,
    cut,
    freeze() {
      frozen = true;
      for (const { near, far } of pairs) {
        near.unpipe(far);
        far.unpipe(near);
        near.pause();
        far.pause();
      }
    },
    async restore() {
      if (frozen) for (const pair of pairs) flow(pair);
      frozen = false;
      if (!server) await listen(port);
    },
    async forget() {
      frozen = false;
      if (!server) await listen(port);
    },
    close: cut,
  };
}
