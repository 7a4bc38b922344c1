/**
 * The forms of password guesses, each as requests, and how many of all its guesses may be compared with a password
 * under the default limits. The gateway trusts the address of its caller.
 */
export interface GuessRequest {
  headers: Record<string, string>;
  /** Undefined: it is a GET. */
  body?: string;
  search?: string;
  guesses: number;
}

export interface Shape {
  name: string;
  /**
   * Because the account locks after five, the source reaches its limits, or the document is refused before it is
   * parsed.
   */
  atMost: number;
  /** @param victim the account; @param count of guesses; @param from a number that gives each form its own addresses */
  requests(victim: string, count: number, from: number): GuessRequest[];
}

const login = 'mutation ($input: LoginInput!) { login(input: $input) { __typename } }';
const guess = (index: number) => `Wrong guess ${index}`;
const inline = (victim: string, index: number) =>
  `login(input: { email: "${victim}", password: "${guess(index)}" }) { __typename }`;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const json = { 'content-type': 'application/json' };
const through = (...addresses: string[]) => ({ ...json, 'x-forwarded-for': addresses.join(', ') });
/** One source address of the form. */
const home = (from: number) => `198.18.${from}.1`;
/** As many other addresses as guesses. */
const away = (from: number, index: number) => `100.${64 + from}.${index >> 8}.${index & 255}`;

function one(email: string, index: number, headers: Record<string, string>): GuessRequest {
  const variables = { input: { email, password: guess(index) } };
  return { headers, body: JSON.stringify({ query: login, variables }), guesses: 1 };
}

/** So many guesses in a request as the document limits accept. */
function packed(size: number, count: number, headers: Record<string, string>, body: (indexes: number[]) => unknown) {
  return numbers(Math.ceil(count / size)).map((group): GuessRequest => {
    const indexes = numbers(Math.min(size, count - group * size)).map((index) => group * size + index);
    return { headers, body: JSON.stringify(body(indexes)), guesses: indexes.length };
  });
}

/** The same address for a program that normalises it. */
function spelled(email: string, index: number): string {
  const letters = [...email].map((letter, at) => ((index >> (at % 14)) & 1 ? letter.toUpperCase() : letter));
  const wide = letters.map((letter, at) =>
    at === index % 5 && /[a-z]/i.test(letter) ? String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0) : letter,
  );
  return `${' '.repeat(index % 3)}${wide.join('')}${'\t'.repeat(index % 2)}`;
}

export const shapes: readonly Shape[] = [
  {
    name: 'in parallel, from one address',
    atMost: 5,
    requests: (victim, count, from) => numbers(count).map((index) => one(victim, index, through(home(from)))),
  },
  {
    name: 'aliases in one document',
    atMost: 0,
    requests: (victim, count, from) =>
      packed(100, count, through(home(from)), (all) => ({
        query: `mutation { ${all.map((index) => `l${index}: ${inline(victim, index)}`).join(' ')} }`,
      })),
  },
  {
    name: 'fragments in one document',
    atMost: 0,
    requests: (victim, count, from) =>
      packed(50, count, through(home(from)), (all) => ({
        query: `mutation { ${all.map((index) => `...F${index}`).join(' ')} } ${all
          .map((index) => `fragment F${index} on Mutation { l${index}: ${inline(victim, index)} }`)
          .join(' ')}`,
      })),
  },
  {
    name: 'operations in one document',
    atMost: 0,
    requests: (victim, count, from) =>
      packed(50, count, through(home(from)), (all) => ({
        query: all.map((index) => `mutation M${index} { ${inline(victim, index)} }`).join(' '),
        operationName: `M${all[0]}`,
      })),
  },
  {
    name: 'a batch of operations',
    atMost: 0,
    requests: (victim, count, from) =>
      packed(100, count, through(home(from)), (all) =>
        all.map((index) => ({ query: login, variables: { input: { email: victim, password: guess(index) } } })),
      ),
  },
  {
    name: 'a list of inputs',
    atMost: 0,
    requests: (victim, count, from) =>
      packed(100, count, through(home(from)), (all) => ({
        query: login,
        variables: { input: all.map((index) => ({ email: victim, password: guess(index) })) },
      })),
  },
  {
    name: 'by GET',
    atMost: 0,
    requests: (victim, count, from) =>
      numbers(count).map((index) => ({
        headers: { 'x-forwarded-for': home(from), 'apollo-require-preflight': '1' },
        search: `?query=${encodeURIComponent(`mutation { ${inline(victim, index)} }`)}`,
        guesses: 1,
      })),
  },
  {
    name: 'each from an address of its own',
    atMost: 5,
    requests: (victim, count, from) => numbers(count).map((index) => one(victim, index, through(away(from, index)))),
  },
  {
    name: 'each from an address of one IPv6 customer',
    atMost: 5,
    requests: (victim, count, from) =>
      numbers(count).map((index) => one(victim, index, through(`2001:db8:${from}:1::${index.toString(16)}`))),
  },
  {
    name: 'each with a forged address before its own',
    atMost: 5,
    requests: (victim, count, from) =>
      numbers(count).map((index) => one(victim, index, through(away(from, index), home(from)))),
  },
  {
    name: 'each spelling the address another way, from addresses of their own',
    atMost: 5,
    requests: (victim, count, from) =>
      numbers(count).map((index) => one(spelled(victim, index), index, through(away(from, index)))),
  },
  {
    name: 'each with a device token that is none',
    atMost: 5,
    requests: (victim, count, from) =>
      numbers(count).map((index) =>
        one(victim, index, {
          ...through(away(from, index)),
          'x-device-token': Buffer.alloc(70, index).toString('base64url'),
        }),
      ),
  },
  {
    name: 'each at another account, from one address',
    atMost: 20,
    requests: (victim, count, from) =>
      numbers(count).map((index) => one(`n${index}.${victim}`, index, through(home(from)))),
  },
];

/** The action and reason of an audit entry that shows that a password was compared. */
export const passwordChecks = `
  select count(*)::int as count from audit_entries
  where action = 'session.started'
     or action = 'login.refused' and details->>'reason' not in ('locked', 'source_limited')`;
