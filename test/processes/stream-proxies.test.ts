/** Streams behind nginx and HAProxy with short idle timeouts: events pass at once, and the comments keep streams open. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lockoutOff } from '../support/gateway/gateway.ts';
import { openStream, sessionEvents } from '../support/gateway/streams.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { startHaproxy } from '../support/proxies/haproxy.ts';
import { startNginx } from '../support/proxies/nginx.ts';
import { until } from '../support/races/until.ts';
import { freePort } from '../support/servers/free-port.ts';

const promisedMs = 1000;
/** What the guide asks for at least. Comments come every 12 seconds. */
const idleSeconds = 15;

const gateway = useGateway(lockoutOff);

interface Proxy {
  url: string;
  stop(): Promise<void>;
}

/** It buffers answers, and asks by HTTP/1.0: these are its defaults. */
function nginxWithDefaults(port: number, host: string): Promise<Proxy> {
  const location = `proxy_pass http://${host}; proxy_http_version 1.0; proxy_read_timeout ${idleSeconds}s;`;
  return startNginx(port, `server { listen 127.0.0.1:${port}; location / { ${location} } }`);
}

function haproxy(port: number, host: string): Promise<Proxy> {
  const configuration = `
defaults
    mode http
    timeout connect 5s
    timeout client ${idleSeconds}s
    timeout server ${idleSeconds}s
    option abortonclose
listen gateway
    bind 127.0.0.1:${port}
    server one ${host}
`;
  return startHaproxy(port, configuration);
}

describe.each([
  ['nginx with its defaults', nginxWithDefaults],
  ['HAProxy', haproxy],
])('behind %s', (_name, start) => {
  let proxy: Proxy;
  // The first run on a machine without the program downloads it.
  beforeAll(async () => {
    proxy = await start(await freePort(), new URL(gateway.url).host);
  }, 240_000);
  afterAll(() => proxy?.stop());

  test('an event arrives within a second, also after a silence', { timeout: 60_000 }, async () => {
    const person = await gateway.person();
    const stream = await openStream(proxy.url, { query: sessionEvents }, person.accessToken, {
      'accept-encoding': 'gzip, br',
    });
    expect([stream.status, stream.headers['content-encoding']]).toEqual([200, undefined]);
    await person.signIn();
    expect((await stream.message(0, promisedMs)).data?.sessionEvents).toMatchObject({
      __typename: 'SignedInElsewhere',
    });
    const comments = stream.comments();
    await until('two more comments', () => stream.comments() >= comments + 2, 30_000);
    await person.signOut();
    await stream.ended(promisedMs);
    expect(stream.messages.map(({ event }) => event)).toEqual(['next', 'next', 'complete']);
  });

  test('a client that leaves closes its stream at the gateway', async () => {
    const person = await gateway.person();
    for (let round = 0; round < 12; round += 1) {
      const stream = await until('a free place', async () => {
        const opened = await openStream(proxy.url, { query: sessionEvents }, person.accessToken);
        return opened.status === 200 && opened;
      });
      stream.close();
    }
  });
});
