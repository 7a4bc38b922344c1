/** Reading the file of an import: any bytes in any parts, in bounded memory, and every line keeps its place. */
import { describe, expect, test } from 'vitest';
import { hasRepeatedMember } from '../../src/cli/import-sources/fields.ts';
import { maxUserBytes, userTexts } from '../../src/cli/import-sources/user-lines.ts';

async function read(parts: Iterable<Buffer | string>, mayBeRealm = false) {
  const input = (async function* () {
    yield* parts;
  })();
  const texts = [];
  for await (const text of userTexts(input, { mayBeRealm })) texts.push(text);
  return texts;
}

/** Parts of one byte each: every place is a boundary. */
const bytesOf = (text: string | Buffer) => [...Buffer.from(text)].map((byte) => Buffer.of(byte));
const tooLong = { problem: 'LINE_TOO_LONG' };
const malformed = { problem: 'MALFORMED_JSON' };

describe('lines', () => {
  test('are the same in one part and byte by byte', async () => {
    const text = '\ufeff{"name":"Zoë"}\r\n\r\n{"name":"李"}\n{"last":1}';
    const expected = ['{"name":"Zoë"}', '', '{"name":"李"}', '{"last":1}'];
    expect(await read([text])).toEqual(expected);
    expect(await read(bytesOf(text))).toEqual(expected);
  });

  test('of a file without content are none', async () => {
    expect(await read([])).toEqual([]);
    expect(await read([''])).toEqual([]);
  });

  test('that are too long or no UTF-8 are problems of their own place', async () => {
    const long = `{"name":"${'a'.repeat(maxUserBytes)}"}`;
    const latin1 = Buffer.from('{"name":"Zoë"}', 'latin1');
    const parts = [`{"a":1}\n${long}\n`, latin1, '\n{"b":2}\n', long];
    expect(await read(parts)).toEqual(['{"a":1}', tooLong, malformed, '{"b":2}', tooLong]);
  });

  test('of 64 kB are read', async () => {
    const text = `"${'a'.repeat(maxUserBytes - 2)}"`;
    expect(await read([`${text}\n{}`])).toEqual([text, '{}']);
    expect(await read([`${text} \n{}`])).toEqual([tooLong, '{}']);
  });

  test('without an end are read in bounded memory', async () => {
    const megabyte = Buffer.alloc(1024 * 1024, 'a');
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const endless = function* () {
      for (let part = 0; part < 2048; part += 1) {
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
        yield megabyte;
      }
      yield '\n{"after":1}';
    };
    expect(await read(endless())).toEqual([tooLong, '{"after":1}']);
    expect(most).toBeLessThan(50 * 1024 * 1024);
  });

  test.for([
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), 'compressed'],
    ['UTF-16', Buffer.from('\ufeff{}', 'utf16le'), 'UTF-16'],
    ['UTF-16 with the high byte first', Buffer.from([0xfe, 0xff, 0, 0x7b]), 'UTF-16'],
  ] as const)('are refused as a file of %s', async ([, bytes, name]) => {
    for (const parts of [[bytes], bytesOf(bytes)]) await expect(read(parts)).rejects.toThrow(name);
  });
});

describe('a realm export of Keycloak', () => {
  const users = [
    { id: 'a', firstName: 'Zoë "}{[' },
    { id: 'b', credentials: [{ type: 'otp' }] },
  ];
  const realm = { id: 'x', realm: 'acme "users": [', roles: { users: [{ no: 1 }] }, users, clients: [{ id: 'y' }] };

  test('is read user by user, on one line and on many, in parts of any size', async () => {
    for (const text of [JSON.stringify(realm), JSON.stringify(realm, null, 2), `\ufeff${JSON.stringify(realm)}\n`])
      for (const parts of [[text], bytesOf(text)]) {
        const texts = await read(parts, true);
        expect(texts.map((each) => JSON.parse(String(each)))).toEqual(users);
      }
  });

  test('is not confused with lines of users that have such members', async () => {
    const lines = [
      { id: 'a', attributes: { realm: ['x'], users: ['y'] } },
      { id: 'b', realm: 'acme' },
    ];
    const text = lines.map((line) => JSON.stringify(line)).join('\n');
    expect((await read([text], true)).map((each) => JSON.parse(String(each)))).toEqual(lines);
    expect(await read(['{"broken\n{"id":"a"}'], true)).toEqual(['{"broken', '{"id":"a"}']);
  });

  test('with a user that is too long reads the others', async () => {
    const long = { ...realm, users: [{ id: 'a', name: 'a'.repeat(maxUserBytes) }, { id: 'b' }] };
    expect(await read([JSON.stringify(long)], true)).toEqual([tooLong, '{"id":"b"}']);
  });
});

describe('a member that is written twice', () => {
  test.for([
    ['{"email":"a","email":"b"}', true],
    ['{"a":{"b":1,"b":2}}', true],
    ['{"a":[{"b":1},{"b":1,"\\u0062":2}]}', true],
    ['{"a":1,"b":{"a":1},"c":[{"a":1}]}', false],
    ['{"a":"{\\"a\\":1,\\"a\\":2}","b\\\\":":::"}', false],
    ['{"__proto__":1}', false],
    ['{"__proto__":1,"__proto__":2}', true],
  ] as const)('in %s is found: %s', ([text, expected]) => {
    expect(hasRepeatedMember(text, JSON.parse(text))).toBe(expected);
  });
});
