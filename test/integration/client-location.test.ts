/** GEO_HEADERS: the location that a proxy names in headers, and what a client that sends these headers itself achieves. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goodPassword, newAddress } from '../support/gateway/gateway.ts';
import { type SuiteGateway, useGateway } from '../support/gateway/use-gateway.ts';
import { RegisterDocument, SessionRisksDocument } from '../support/generated/graphql.ts';
import { addresses, writeLocationFiles } from '../support/location/places.ts';
import { browserHeaders, signInFrom } from '../support/people/sign-in-from.ts';
import { type Nginx, startNginx } from '../support/proxies/nginx.ts';
import { freePort } from '../support/servers/free-port.ts';

const common = { EMAIL_VERIFICATION: 'off', RATE_LIMIT_ALLOWLIST: '0.0.0.0/0,::/0' };
const behindProxy = { ...common, TRUSTED_PROXIES: '127.0.0.1' };

const cloudflare = useGateway({ ...behindProxy, GEO_HEADERS: 'cloudflare' });
const cloudfront = useGateway({ ...behindProxy, GEO_HEADERS: 'cloudfront' }, cloudflare);
const withFiles = useGateway(
  { ...behindProxy, ...(await writeLocationFiles()), GEO_HEADERS: 'cloudflare' },
  cloudflare,
);
/** The tests connect from an address that is no trusted proxy. */
const untrusting = useGateway({ ...common, TRUSTED_PROXIES: '198.51.100.1', GEO_HEADERS: 'cloudflare' }, cloudflare);
const unset = useGateway(behindProxy, cloudflare);
const custom = useGateway({ ...behindProxy, GEO_HEADERS: 'country=X-Country,city=X-City,asn=X-ASN' }, cloudflare);

/** Signs a new user in with these headers. @returns the location of the session */
async function locationWith(gateway: SuiteGateway, headers: Record<string, string>, ip: string = addresses.berlin) {
  const email = newAddress();
  await gateway.send(RegisterDocument, { input: { email, password: goodPassword } });
  const { accessToken } = await signInFrom(gateway, email, { ip, headers });
  const { viewer } = await gateway.send(SessionRisksDocument, {}, accessToken);
  return viewer?.sessions.nodes[0]?.location ?? null;
}

describe('the headers of a trusted proxy', () => {
  test('give country and city, in UTF-8 and in percent notation', async () => {
    const köln = Buffer.from('Köln').toString('latin1');
    expect(await locationWith(cloudflare, { 'cf-ipcountry': 'DE', 'cf-ipcity': köln })).toEqual({
      country: 'DE',
      city: 'Köln',
    });
    expect(
      await locationWith(cloudfront, { 'cloudfront-viewer-country': 'DE', 'cloudfront-viewer-city': 'K%C3%B6ln' }),
    ).toEqual({ country: 'DE', city: 'Köln' });
    expect(await locationWith(custom, { 'x-country': 'CH', 'x-city': 'Bern' })).toEqual({
      country: 'CH',
      city: 'Bern',
    });
  });

  test('go before the file, whose city is left out when it is in another country', async () => {
    expect(await locationWith(withFiles, { 'cf-ipcountry': 'FR' })).toEqual({ country: 'FR', city: null });
    expect(await locationWith(withFiles, { 'cf-ipcountry': 'DE' })).toEqual({ country: 'DE', city: 'Berlin' });
    expect(await locationWith(withFiles, {})).toEqual({ country: 'DE', city: 'Berlin' });
  });

  test.each(['XX', 'T1', 'Germany', 'de', 'DE, US', '', "'; drop table users --"])(
    'are no location when they say %j',
    async (country) => {
      expect(await locationWith(cloudflare, { 'cf-ipcountry': country, 'cf-ipcity': 'Berlin' })).toBeNull();
    },
  );

  test.each(['%', '%ff', `${'x'.repeat(101)}`, Buffer.from([0xff, 0xfe]).toString('latin1')])(
    'give the country alone when the city is %j',
    async (city) => {
      expect(await locationWith(cloudflare, { 'cf-ipcountry': 'DE', 'cf-ipcity': city })).toEqual({
        country: 'DE',
        city: null,
      });
    },
  );
});

describe('a client that sends CF-IPCountry itself', () => {
  test('is not believed by a gateway that it reaches without the trusted proxy', async () => {
    expect(await locationWith(untrusting, { 'cf-ipcountry': 'FR' })).toBeNull();
  });

  test('is not believed by a gateway without GEO_HEADERS', async () => {
    expect(await locationWith(unset, { 'cf-ipcountry': 'FR' })).toBeNull();
  });
});

describe('nginx', () => {
  let proxy: Nginx;
  beforeAll(async () => {
    const port = await freePort();
    const forward = (country: string) => `
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header Host $host;
      proxy_set_header X-Country ${country};
      proxy_set_header X-City "";
      proxy_pass ${custom.url}/graphql;`;
    proxy = await startNginx(
      port,
      `server {
        listen 127.0.0.1:${port};
        location /located { ${forward('NL')} }
        location /unlocated { ${forward('""')} }
      }`,
    );
  }, 240_000);
  afterAll(() => proxy?.stop());

  /** Signs in through a path of the proxy, with a header of the client. */
  async function locationThrough(path: string) {
    const email = newAddress();
    await custom.send(RegisterDocument, { input: { email, password: goodPassword } });
    const query = 'mutation($i:LoginInput!){login(input:$i){...on AuthSession{session{location{country city}}}}}';
    const response = await fetch(`${proxy.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...browserHeaders, 'x-country': 'FR', 'x-city': 'Paris' },
      body: JSON.stringify({ query, variables: { i: { email, password: goodPassword } } }),
    });
    const answer: { data: { login: { session: { location: unknown } } } } = await response.json();
    return answer.data.login.session.location;
  }

  test('replaces what the client sent', async () => {
    expect(await locationThrough('/located')).toEqual({ country: 'NL', city: null });
  });

  test('removes what the client sent where it knows nothing', async () => {
    expect(await locationThrough('/unlocated')).toBeNull();
  });
});
