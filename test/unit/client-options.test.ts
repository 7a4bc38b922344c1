/** Options of `createPosternClient`: which values are rejected with advice, and which endpoint an address means. */
import { describe, expect, test } from 'vitest';
import { createPosternClient, PosternError } from '../../packages/client/src/client.ts';

/** Values that a JavaScript program may pass. */
function create(options: unknown): unknown {
  try {
    return Reflect.apply(createPosternClient, undefined, [options]);
  } catch (error) {
    return error;
  }
}

const url = 'https://auth.example.com';

const invalid: [string, unknown, string][] = [
  ['no options', undefined, 'url'],
  ['no url', {}, 'url'],
  ['an empty url', { url: '  ' }, 'url'],
  ['a host and port', { url: 'localhost:5300' }, 'http://'],
  ['a host', { url: 'auth.example.com' }, 'https://'],
  ['another scheme', { url: 'ftp://auth.example.com' }, 'https://'],
  ['a WebSocket', { url: 'wss://auth.example.com' }, 'https://'],
  ['a script', { url: 'javascript:alert(1)' }, 'https://'],
  ['a broken address', { url: 'https://' }, 'url'],
  ['an address with a password', { url: 'https://ada:secret@auth.example.com' }, 'password'],
  ['a path without a page', { url: '/graphql' }, 'url'],
  ['a URL object', { url: new URL(url) }, 'url'],
  ['an unknown delivery', { url, delivery: 'cookie' }, 'delivery'],
  ['a text for tabs', { url, tabs: 'yes' }, 'tabs'],
  ['an incomplete storage', { url, storage: { getItem: () => null } }, 'storage'],
  ['a text for storage', { url, storage: 'localStorage' }, 'storage'],
  ['a number in headers', { url, headers: { 'x-app': 1 } }, 'headers'],
  ['an invalid header name', { url, headers: { 'x app': '1' } }, 'headers'],
  ['a line break in a header', { url, headers: { 'x-app': 'a\r\nb' } }, 'headers'],
  ['a fetch that is no function', { url, fetch: 'fetch' }, 'fetch'],
  ['a handler that is no function', { url, onSessionEnd: true }, 'onSessionEnd'],
];

test.each(invalid)('%s is rejected at once', (_name, options, hint) => {
  const error = create(options);
  expect(error).toBeInstanceOf(PosternError);
  expect(error).toMatchObject({ code: 'INVALID_OPTIONS', message: expect.stringContaining(hint) });
  expect(String(error)).not.toContain('secret');
});

describe('the endpoint', () => {
  test.each([
    ['https://x.example', 'https://x.example/graphql'],
    ['https://x.example/', 'https://x.example/graphql'],
    ['https://x.example/graphql', 'https://x.example/graphql'],
    ['https://x.example/graphql/', 'https://x.example/graphql'],
    ['https://x.example/graphql//', 'https://x.example/graphql'],
    ['https://x.example/auth/', 'https://x.example/auth/graphql'],
    ['https://x.example/auth/graphql/#top', 'https://x.example/auth/graphql'],
    ['HTTPS://X.example:8443', 'https://x.example:8443/graphql'],
  ])('of %s is %s', async (address, endpoint) => {
    const asked: string[] = [];
    const fetch = async (input: string | URL | Request) => {
      asked.push(String(input));
      return Response.json({ data: { passwordPolicy: {} } });
    };
    await createPosternClient({ url: address, fetch }).passwordPolicy();
    expect(asked).toEqual([endpoint]);
  });
});
