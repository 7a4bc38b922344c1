/** A network between a gateway and its database: with a delay, or without any delivery. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { portOf } from '../../support/servers/free-port.ts';
import type { Ending } from './ending.ts';

export interface SlowLink {
  /** The address of the target through the link. */
  url: string;
  /** Of each packet in one direction, in milliseconds. */
  delay(ms: number): void;
  /** Drops every packet and every new connection without a notice. Connections that lost one stay dead afterwards. */
  blackHole(isOn: boolean): void;
}

export async function startSlowLink(ending: Ending, target: string): Promise<SlowLink> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const state = { delayMs: 0, isDropping: false };
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    const pair = { isDead: state.isDropping };
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      // Broken connections are expected here.
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        if (!pair.isDead) to.destroy();
      });
      forward(from, to, () => {
        pair.isDead ||= state.isDropping;
        return pair.isDead ? null : state.delayMs;
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ending.add(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return {
    url: Object.assign(new URL(target), { host: `127.0.0.1:${portOf(server)}` }).href,
    delay(ms) {
      state.delayMs = ms;
    },
    blackHole(isOn) {
      state.isDropping = isOn;
    },
  };
}

/** @param delayOf the delay of the next packet, or null to drop it */
function forward(from: Socket, to: Socket, delayOf: () => number | null): void {
  let last = Promise.resolve();
  from.on('data', (packet) => {
    const delay = delayOf();
    if (delay === null) return;
    const delivered = delay === 0 ? last : Promise.all([last, sleep(delay)]);
    last = delivered.then(() => {
      if (to.writable) to.write(packet);
    });
  });
}
