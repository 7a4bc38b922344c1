/** Every parser of the gateway with arbitrary input: it ends, throws only refusals, and accepts only valid values. */
import fc from 'fast-check';
import { buildSchema, Kind, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../src/config/config.ts';
import { Refusal } from '../../src/domain/errors.ts';
import { newId } from '../../src/domain/ids.ts';
import { cursorOf, readPage } from '../../src/domain/page.ts';
import { isWithin, networkOf, readNetworks, sourceOf } from '../../src/domain/source.ts';
import { displayNameProblems, normaliseDisplayName } from '../../src/domain/text/display-name.ts';
import { normaliseEmail } from '../../src/domain/text/email-address.ts';
import { problemOf } from '../../src/graphql/documents/document-limits.ts';
import { costOf } from '../../src/graphql/documents/operation-cost.ts';
import { TrustedDocuments } from '../../src/graphql/documents/trusted-documents.ts';
import { variableProblems } from '../../src/graphql/documents/variables.ts';
import { createKeyRing } from '../../src/security/keys/key-ring.ts';
import { keyIdOf, openAccessToken } from '../../src/security/tokens/access-token.ts';
import { createCsrfTokens } from '../../src/security/tokens/csrf-token.ts';
import { createDeviceTokens } from '../../src/security/tokens/device-token.ts';
import { hashMailToken, mintMailToken } from '../../src/security/tokens/mail-tokens.ts';
import { createRefreshTokens } from '../../src/security/tokens/refresh-token.ts';
import { testSecret } from '../support/gateway/gateway.ts';

const now = new Date('2026-03-01T12:00:00Z');
const keys = createKeyRing([Buffer.from(testSecret, 'base64')]);
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ maxLength: 300 }),
  // Lone surrogates, which no encoding can represent.
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 50 }).map((units) => String.fromCharCode(...units)),
  fc.base64String({ maxLength: 300 }),
);
const anyId = fc.uuid({ version: 7 });

const bytesOf = (text: string) => Buffer.from(text, 'base64url').toString('hex');
/** Replaces one letter of the text so that its meaning differs: the lowest bits of the last letter have none. */
const withOneChange = (text: string) =>
  fc
    .tuple(fc.nat(text.length - 1), fc.constantFrom(...'ABab09-_.~='))
    .map(([at, letter]) => text.slice(0, at) + letter + text.slice(at + 1))
    .filter((changed) => bytesOf(changed) !== bytesOf(text));

const holds = <T>(arbitrary: fc.Arbitrary<T>, predicate: (value: T) => void, numRuns = 500) =>
  fc.assert(
    fc.property(arbitrary, (value) => {
      predicate(value);
    }),
    { numRuns },
  );

describe('an e-mail address', () => {
  const nearly = fc.tuple(anyText, fc.oneof(fc.domain(), anyText)).map(([local, host]) => `${local}@${host}`);

  test('is normalised to a stable value that is safe in a header', () => {
    holds(
      fc.oneof(anyText, nearly, fc.emailAddress()),
      (text) => {
        const address = normaliseEmail(text);
        if (address === null) return;
        expect(normaliseEmail(address)).toBe(address);
        expect(normaliseEmail(` ${address.toUpperCase()}\t`)).not.toBeNull();
        expect(address).not.toMatch(/[\s<>,;:"\\()[\]\p{Cc}]/u);
        expect(address.length).toBeLessThanOrEqual(254);
      },
      2000,
    );
  });
});

describe('a display name', () => {
  test('is normalised to a stable value', () => {
    holds(anyText, (text) => {
      const name = normaliseDisplayName(text);
      expect(normaliseDisplayName(name)).toBe(name);
      displayNameProblems(name, 'input.displayName');
    });
  });
});

describe('a cursor', () => {
  const keysetOf = async (after: string) => {
    let keyset: unknown;
    const source = {
      find: async (slice: { keyset: unknown }) => {
        keyset = slice.keyset;
        return [];
      },
      count: async () => 0,
      toNode: (row: never) => row,
    };
    await readPage({ after }, source).catch((error: unknown) => {
      if (!(error instanceof Refusal) || error.code !== 'BAD_USER_INPUT') throw error;
    });
    return keyset;
  };

  test('encodes the place of its id', () =>
    fc.assert(
      fc.asyncProperty(anyId, async (id) => {
        expect(await keysetOf(cursorOf({ key: '', id }))).toEqual({ id: { $lt: id } });
      }),
    ));

  test('made of any text is refused or decodes to an id: nothing else reaches the database', () =>
    fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const place = expect.objectContaining({
          $lt: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        });
        expect([undefined, {}, { id: place }]).toContainEqual(await keysetOf(text));
      }),
      { numRuns: 500 },
    ));
});

describe('a token', () => {
  const refreshTokens = createRefreshTokens(keys);
  const deviceTokens = createDeviceTokens(keys);
  const csrfTokens = createCsrfTokens(keys);

  test('for refresh decodes to its family and generation', () => {
    holds(fc.record({ familyId: anyId, generation: fc.nat(1_000_000) }), (claims) => {
      expect(refreshTokens.open(refreshTokens.mint(claims))).toEqual(claims);
    });
  });

  test('for refresh made of any text, or with one letter changed, is invalid', () => {
    const refresh = refreshTokens.mint({ familyId: newId(now), generation: 7 });
    const device = deviceTokens.mint(newId(now), now);
    const session = newId(now);
    const csrf = csrfTokens.mint(session);
    holds(fc.oneof(anyText, withOneChange(refresh)), (text) => expect(refreshTokens.open(text)).toBeNull(), 2000);
    holds(fc.oneof(anyText, withOneChange(device)), (text) => expect(deviceTokens.open(text, now)).toBeNull(), 2000);
    holds(
      fc.oneof(anyText, withOneChange(csrf)),
      (text) => expect(csrfTokens.matches(text, session)).toBe(false),
      2000,
    );
  });

  test('of a mail has one form, and other forms are not looked up', () => {
    const { token } = mintMailToken();
    expect(hashMailToken(token)).not.toBeNull();
    holds(anyText, (text) => {
      const hashed = hashMailToken(text);
      if (hashed !== null) expect(text).toMatch(/^[\w-]{20,100}$/);
    });
  });

  test('for access made of any text is invalid', () => {
    const verification = { keyOf: () => undefined, issuer: 'i', audience: 'a', now };
    const dotted = fc
      .array(fc.oneof(anyText, fc.base64String()), { minLength: 3, maxLength: 3 })
      .map((parts) => parts.join('.'));
    const headed = fc
      .tuple(fc.json(), fc.json())
      .map((parts) => [...parts, 'x'].map((part) => Buffer.from(part).toString('base64url')).join('.'));
    holds(fc.oneof(anyText, dotted, headed), (text) => {
      keyIdOf(text);
      expect(openAccessToken(text, verification)).toEqual({ problem: 'TOKEN_INVALID' });
    });
  });
});

describe('an address', () => {
  const anyAddress = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.ipV4Extended(),
    fc.ipV6().map((ip) => `::ffff:${ip}`),
    anyText,
  );

  test('has one source, and is within every network that contains all, or is not an address', () => {
    holds(anyAddress, (text) => {
      const source = sourceOf(text);
      expect(source).toMatch(/^(unknown|[0-9a-f.:]+\/(32|64))$/);
      expect(isWithin(text, readNetworks(['0.0.0.0/0', '::/0']))).toBe(source !== 'unknown');
      expect(networkOf(text) === null).toBe(source === 'unknown');
    });
  });

  test('of IPv6 shares its source with the others of its /64', () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((number) => number.toString(16));
    const groups = fc.array(group, { minLength: 4, maxLength: 4 }).map((parts) => parts.join(':'));
    // An IPv4 address mapped into IPv6 is that IPv4 address.
    const prefix = groups.filter((text) => !/^0:0:0:0$|^64:ff9b:/.test(text));
    holds(fc.tuple(prefix, groups, groups), ([network, one, other]) => {
      expect(sourceOf(`${network}:${one}`)).toBe(sourceOf(`${network}:${other}`));
    });
  });
});

describe('a setting', () => {
  const names = [
    'ACCESS_TOKEN_TTL',
    'REFRESH_GRACE',
    'LOCKOUT',
    'RATE_LIMITS',
    'TRUSTED_PROXIES',
    'RATE_LIMIT_ALLOWLIST',
    'ADMIN_IP_ALLOWLIST',
    'CORS_ORIGINS',
    'PUBLIC_URL',
    'MFA_REQUIRED_FOR',
    'PORT',
    'SECRET',
    'MAIL_FROM',
    'TRUSTED_DOCUMENTS',
  ];
  const duration = fc
    .tuple(fc.integer(), fc.constantFrom('s', 'm', 'h', 'd', '', 'ms', 'w'))
    .map((parts) => parts.join(''));
  const network = fc
    .tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: -1, max: 200 }))
    .map((parts) => parts.join('/'));
  const limit = fc
    .tuple(fc.constantFrom('login', 'register', 'constructor'), fc.integer(), duration)
    .map(([name, max, window]) => `${name}=${max}/${window}`);

  test.each(names)('%s is read, or rejected by its name alone', (name) => {
    holds(fc.oneof(anyText, duration, network, limit, fc.webUrl()), (text) => {
      const planted = `${text}zebra-7`;
      for (const value of [text, planted]) {
        try {
          readConfig({ [name]: value });
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          expect(error.problems).toEqual([expect.stringMatching(new RegExp(`^${name}: `))]);
          expect(error.message).not.toContain('zebra-7');
        }
      }
    });
  });

  test('of networks, once read, can be compared with any address', () => {
    holds(fc.tuple(network, fc.oneof(fc.ipV4(), fc.ipV6(), anyText)), ([text, address]) => {
      let networks: readonly string[] = [];
      try {
        networks = readConfig({ TRUSTED_PROXIES: text }).http.trustedProxies;
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
      }
      expect(typeof isWithin(address, readNetworks(networks))).toBe('boolean');
    });
  });
});

describe('a variable', () => {
  const schema = buildSchema(`
    type Query { ask(input: In, first: Int): Int }
    enum Mode { A B }
    input In { text: String!, id: ID, count: Int = 7, ratio: Float, yes: Boolean, mode: Mode, list: [Int!], inner: In }
  `);
  const [operation] = parse('query ($input: In!, $first: Int) { ask(input: $input, first: $first) }').definitions;

  test('of any value is accepted or rejected, and never echoed', () => {
    const planted = fc.constant('zebra-7');
    const anyValue = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue(),
        planted,
        tie('input'),
        fc.array(tie('value'), { maxLength: 3 }),
      ),
      input: fc.dictionary(
        fc.oneof(fc.constantFrom('text', 'id', 'count', 'ratio', 'yes', 'mode', 'list', 'inner', '__proto__'), planted),
        tie('value'),
        { maxKeys: 5 },
      ),
    }));
    holds(fc.tuple(anyValue.value, anyValue.value), ([input, first]) => {
      if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('there is no operation');
      const problems = variableProblems(schema, operation, { input, first });
      for (const { code, message } of problems) {
        expect(code).toMatch(/^(REQUIRED|UNKNOWN_FIELD|WRONG_TYPE)$/);
        expect(message).not.toContain('zebra-7');
      }
    });
  });
});

describe('a document', () => {
  const schema = buildSchema('type Query { a: Query, b(first: Int): [Query], c: Int }');
  const name = fc.constantFrom('a', 'b', 'c', 'F', 'G', 'H');
  const selections = fc.letrec<{ set: string; one: string }>((tie) => ({
    set: fc.array(tie('one'), { minLength: 1, maxLength: 4 }).map((all) => `{ ${all.join(' ')} }`),
    one: fc.oneof(
      { depthSize: 'small' },
      name,
      name.map((fragment) => `...${fragment}`),
      fc.tuple(name, tie('set')).map((parts) => parts.join(' ')),
      tie('set').map((set) => `... ${set}`),
      tie('set').map((set) => `b(first: 100) ${set}`),
    ),
  }));
  const anyDocument = fc
    .tuple(selections.set, fc.dictionary(fc.constantFrom('F', 'G', 'H'), selections.set))
    .map(([set, fragments]) =>
      [set, ...Object.entries(fragments).map(([fragment, inner]) => `fragment ${fragment} on Query ${inner}`)].join(
        ' ',
      ),
    );

  test('of any shape, also with circular fragments, is measured quickly', () => {
    holds(anyDocument, (text) => {
      const document = parse(text);
      const startedAt = performance.now();
      problemOf(document);
      expect(performance.now() - startedAt).toBeLessThan(200);
    });
  });

  test('within the limits has a cost', () => {
    holds(anyDocument, (text) => {
      const { definitions } = parse(text);
      const operation = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
      const fragments = definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
      // Circular fragments are refused before the cost is computed.
      const isAcyclic = !fragments.some(({ loc }) => text.slice(loc?.start, loc?.end).includes('...'));
      if (operation && isAcyclic)
        expect(costOf({ schema, operation, fragments, variables: {} })).toBeGreaterThanOrEqual(0);
    });
  });

  test('of any text is not a trusted document', () => {
    const documents = new TrustedDocuments(new Map([['sha256:abc', 'query A { a { c } }']]));
    holds(fc.oneof(anyText, anyDocument), (query) => expect(documents.find({ query })).toBeNull());
    holds(fc.record({ documentId: fc.jsonValue(), extensions: fc.jsonValue() }), (asked) =>
      expect(documents.find(asked)).toBeNull(),
    );
  });
});
