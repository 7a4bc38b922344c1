/** Runs every operation with planted secrets, and searches for them in every place where they do not belong. */
import type { ParsedMail } from 'mailparser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, answerOf } from '../support/gateway/answer.ts';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { bearer, startTestGateway, type TestGateway, testSecret } from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import {
  FullLoginDocument,
  FullRefreshDocument,
  FullViewerDocument,
  LogoutDocument,
  RegisterDocument,
  ResendVerificationEmailDocument,
  ResetPasswordDocument,
  UpdateProfileDocument,
  VerifyEmailDocument,
} from '../support/generated/graphql.ts';
import { found, mailText, spellingsOf, tellingPartsOf, wholeOf } from '../support/leaks/secret-search.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { everythingIsSent } from '../support/mail/mailbox.ts';
import { invite } from '../support/people/invite.ts';
import { startTcpProxy, type TcpProxy } from '../support/proxies/tcp-proxy.ts';

const ada = 'ada@planted.example';
const attackerEmail = 'eve@planted.example';
const ina = 'ina@planted.example';

const passwords = {
  good: 'Planted-1 good lantern',
  second: 'Planted-2 other lantern',
  wrong: 'Planted-3 wrong lantern',
  weak: 'planted4weak',
  misplaced: 'Planted5misplaced',
};

/** A token, the text that announces it, and the responses that may contain it. */
interface Token {
  what: string;
  text: string;
  handedOverBy: Answer[];
}

interface Exchange {
  what: string;
  answer: Answer;
}

let database: TestDatabase;
let proxy: TcpProxy;
let gateway: TestGateway;
const exchanges: Exchange[] = [];
const mails: ParsedMail[] = [];
const tokens: Token[] = [];
/** Tokens of mails, each with its mail. */
const mailTokens: { text: string; mail: ParsedMail | null }[] = [];
let dump = '';
let trail = '';

const everyAnswer = () => exchanges.map(({ what, answer }) => ({ what, text: wholeOf(answer) }));

async function exchange(what: string, request: Promise<Response>): Promise<Answer> {
  const answer = await answerOf(request);
  exchanges.push({ what, answer });
  return answer;
}

const send = (what: string, body: unknown, headers: Record<string, string> = {}) =>
  exchange(what, gateway.post(body, headers));

const register = (email: string, password: string) =>
  send(
    `registering ${email}`,
    bodyOf(RegisterDocument, { input: { email, password, displayName: 'Keeper of the light' } }),
  );
const login = (email: string, password: string) =>
  send(`signing in as ${email}`, bodyOf(FullLoginDocument, { input: { email, password, deviceName: 'A lamp' } }));
const verify = (token: string) => send('confirming', bodyOf(VerifyEmailDocument, { input: { token } }));

interface Pair {
  accessToken: string;
  refreshToken: string;
}

/** Records the tokens of a response as secrets. */
function keep(answer: Answer): Pair {
  const { data }: { data: { login?: Pair; refresh?: Pair } } = JSON.parse(answer.text);
  const pair = data.login ?? data.refresh;
  if (!pair) throw new Error(`there are no tokens in ${answer.text}`);
  for (const [what, text] of [
    ['an access token', pair.accessToken],
    ['a refresh token', pair.refreshToken],
  ] as const) {
    const known = tokens.find((token) => token.text === text);
    if (known) known.handedOverBy.push(answer);
    else tokens.push({ what, text, handedOverBy: [answer] });
  }
  return pair;
}

async function takeMail(to: string): Promise<ParsedMail> {
  const mail = await gateway.mail.take(to);
  mails.push(mail);
  return mail;
}

async function takeToken(to: string): Promise<string> {
  const mail = await takeMail(to);
  const text = tokenIn(mail);
  mailTokens.push({ text, mail });
  return text;
}

/** Every operation, with valid and invalid input, with working and failing dependencies. */
async function walk(): Promise<void> {
  await register(ada, passwords.weak);
  await register(ada, passwords.good);
  await login(ada, passwords.good);
  const stale = await takeToken(ada);
  await send(
    'asking again',
    bodyOf(ResendVerificationEmailDocument, { input: { email: ada, password: passwords.good } }),
  );
  const fresh = await takeToken(ada);
  for (const token of [stale, `${fresh}x`, fresh, fresh]) await verify(token);
  await register(ada, passwords.second);
  await takeMail(ada);
  await register(attackerEmail, passwords.second);
  await login(attackerEmail, passwords.wrong);
  await takeToken(attackerEmail);

  await login(ada, passwords.wrong);
  await login('unknown@planted.example', passwords.good);
  const first = keep(await login(ada, passwords.good));
  const device = keep(await login(ada, passwords.good));
  await send('seeing oneself', bodyOf(FullViewerDocument, {}), bearer(first.accessToken));
  await send(
    'a new name',
    bodyOf(UpdateProfileDocument, { input: { displayName: 'Keeper' } }),
    bearer(first.accessToken),
  );
  await send(
    'a bad name',
    bodyOf(UpdateProfileDocument, { input: { displayName: '\u0000' } }),
    bearer(first.accessToken),
  );

  const refresh = (refreshToken: string) =>
    send('refreshing', bodyOf(FullRefreshDocument, { input: { refreshToken } }));
  const second = keep(await refresh(first.refreshToken));
  keep(await refresh(first.refreshToken));
  await refresh(`${second.refreshToken.slice(0, -4)}AAAA`);
  await refresh(second.accessToken);
  keep(await refresh(second.refreshToken));
  gateway.clock.travel(60);
  await refresh(first.refreshToken);
  await takeMail(ada);
  await send('a dead session', bodyOf(FullViewerDocument, {}), bearer(second.accessToken));
  for (const authorization of [`Bearer ${device.refreshToken}`, `Basic ${passwords.good}`, device.accessToken]) {
    await send('a bad bearer', bodyOf(FullViewerDocument, {}), { authorization });
  }
  await send('signing out', bodyOf(LogoutDocument, { input: { refreshToken: device.refreshToken } }));
  await send('signing out twice', bodyOf(LogoutDocument, { input: { refreshToken: device.refreshToken } }));
  await send('signing out with a device token', bodyOf(LogoutDocument, { input: {} }), bearer(device.accessToken));

  const invitation = await invite(gateway, ina);
  mailTokens.push({ text: invitation, mail: null });
  const reset = (newPassword: string) =>
    send('accepting', bodyOf(ResetPasswordDocument, { input: { token: invitation, newPassword } }));
  for (const password of [passwords.weak, passwords.second, passwords.good]) await reset(password);
  await takeMail(ina);
  await sendMisplacedSecrets();
  await accidents();
}

/** Passwords in fields where none belongs. */
async function sendMisplacedSecrets(): Promise<void> {
  const secret = passwords.misplaced;
  const input = (text: string) => `mutation { login(input: ${text}) { __typename } }`;
  const documents = [
    input(`{ email: "${ada}", password: ${secret} }`),
    input(`{ email: "${ada}", password: ["${secret}"] }`),
    input(`{ email: "${ada}", password: "${secret}", rememberMe: "${secret}" }`),
    input(`{ email: "${ada}", password: "${secret}" `),
    input(`"${secret}"`),
    `mutation { login(input: { email: "${secret}", password: "${secret}" }) { __typename } }`,
    `# ${secret}\n{ nowhere }`,
    secret,
  ];
  for (const query of documents) await send('a careless document', { query });
  const { query } = bodyOf(FullLoginDocument, { input: { email: ada, password: secret } });
  const values: unknown[] = [
    { email: secret, password: secret },
    { email: ada, password: { secret } },
    { email: ada, password: [secret] },
    { email: ada, password: secret, rememberMe: secret },
    { email: ada, password: secret, unknown: secret },
    { email: { secret }, password: 1 },
    secret,
    [secret],
  ];
  for (const value of values) await send('a careless variable', { query, variables: { input: value } });
  await send('a careless operation name', { query, operationName: secret });
  await send('variables as text', { query, variables: secret });
  await send('broken JSON', `{"query": "${secret}`);
  await send('no JSON', secret);
  await send('another type', `password=${secret}`, { 'content-type': 'application/x-www-form-urlencoded' });
  await send('too much', { query, variables: { input: secret.repeat(10_000) } });
  const search = new URLSearchParams({ query: documents[2] ?? '', variables: JSON.stringify({ secret }) });
  for (const path of [`/graphql?${search}`, `/verify-email?token=${secret}`, `/graphql?password=${secret}`]) {
    await exchange(
      'a careless address',
      fetch(`${gateway.url}${path}`, { headers: { 'apollo-require-preflight': '1' } }),
    );
  }
}

/** The same with a broken database and with an unreachable one. */
async function accidents(): Promise<void> {
  const session = keep(await login(ada, passwords.good));
  const everything = async () => {
    await login(ada, passwords.good);
    await register('late@planted.example', passwords.second);
    await verify('A'.repeat(43));
    await send('refreshing', bodyOf(FullRefreshDocument, { input: { refreshToken: session.refreshToken } }));
    await send('seeing oneself', bodyOf(FullViewerDocument, {}), bearer(session.accessToken));
  };
  for (const table of ['users', 'audit_entries', 'token_families', 'registrations']) {
    await database.query(`alter table ${table} rename to gone`);
    await everything();
    await database.query(`alter table gone rename to ${table}`);
  }
  await proxy.cut();
  await everything();
  await proxy.restore();
}

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startTcpProxy(database.url);
  gateway = await startTestGateway({ DATABASE_URL: proxy.url });
  // The helpers read the database that the gateway uses.
  gateway = { ...gateway, database };
  await walk();
  await everythingIsSent(database);
  mails.push(...gateway.mail.mails);
  const tables = await database.query<{ name: string }>(
    `select tablename as name from pg_tables
     where schemaname = 'public' and tablename not in (select relname from pg_class where relispartition)`,
  );
  for (const { name } of tables) {
    const rows = await database.query<{ text: string }>(`select row_to_json(t)::text as text from ${name} t`);
    dump += rows.map(({ text }) => `${name}: ${text}\n`).join('');
    if (name === 'audit_entries') trail = rows.map(({ text }) => text).join('\n');
  }
});
afterAll(async () => {
  await gateway.stop();
  await proxy.close();
  await database.drop();
});

describe('the walk', () => {
  test('covered every success and failure', () => {
    const codes = new Set(exchanges.flatMap(({ answer }) => answer.errors.map(({ extensions }) => extensions.code)));
    expect([...codes].sort()).toEqual([
      'BAD_REQUEST',
      'BAD_USER_INPUT',
      'EMAIL_NOT_VERIFIED',
      'GRAPHQL_PARSE_FAILED',
      'GRAPHQL_VALIDATION_FAILED',
      'INTERNAL_SERVER_ERROR',
      'INVALID_CREDENTIALS',
      'INVALID_REFRESH_TOKEN',
      'INVALID_TOKEN',
      'NOT_FOUND',
      'SERVICE_UNAVAILABLE',
      'UNAUTHENTICATED',
    ]);
    expect(exchanges.length).toBeGreaterThan(80);
    expect(gateway.logs.length).toBeGreaterThan(80);
    expect(mails.length).toBeGreaterThanOrEqual(6);
    expect(tokens.length).toBeGreaterThanOrEqual(7);
    expect(mailTokens).toHaveLength(4);
    expect(trail.length).toBeGreaterThan(1000);
    // The search itself finds a secret where it belongs.
    expect(found(dump.split('\n'), spellingsOf(ada)).length).toBeGreaterThan(0);
    expect(found(mails.map(mailText), spellingsOf(ada)).length).toBeGreaterThan(0);
    expect(found(gateway.logs, ['/verify-email']).length).toBeGreaterThan(0);
  });
});

describe.each(Object.entries(passwords))('the %s password', (_what, password) => {
  const secrets = spellingsOf(password);

  test('is in no response', () => {
    expect(
      found(
        everyAnswer().map(({ what, text }) => `${what}: ${text}`),
        secrets,
      ),
    ).toEqual([]);
  });

  test('is in no log line', () => {
    expect(found(gateway.logs, secrets)).toEqual([]);
  });

  test('is in no mail', () => {
    expect(found(mails.map(mailText), secrets)).toEqual([]);
  });

  test('is in no table', () => {
    expect(found(dump.split('\n'), secrets)).toEqual([]);
  });
});

describe('the token of a session', () => {
  test('is only in the responses that returned it', () => {
    for (const { what, text, handedOverBy } of tokens) {
      const holders = exchanges.filter(({ answer }) => found([wholeOf(answer)], tellingPartsOf(text)).length > 0);
      expect([what, holders.filter(({ answer }) => !handedOverBy.includes(answer)).map((one) => one.what)]).toEqual([
        what,
        [],
      ]);
      expect(holders.map(({ answer }) => answer)).toEqual(expect.arrayContaining(handedOverBy));
    }
  });

  test('is in no log line, no mail and no table', () => {
    for (const { what, text } of tokens) {
      const secrets = tellingPartsOf(text);
      const places = { logs: gateway.logs, mails: mails.map(mailText), rows: dump.split('\n') };
      for (const [place, texts] of Object.entries(places)) {
        expect([what, place, found(texts, secrets)]).toEqual([what, place, []]);
      }
    }
  });
});

describe('the token of a mail', () => {
  test('is in its own mail and in no other', () => {
    for (const { text, mail } of mailTokens) {
      const holders = mails.filter((one) => found([mailText(one)], tellingPartsOf(text)).length > 0);
      expect(holders).toEqual(mail ? [mail] : []);
    }
  });

  test('is in no response, no log line and no table', () => {
    for (const { text } of mailTokens) {
      const secrets = tellingPartsOf(text);
      const places = {
        answers: everyAnswer().map((answer) => answer.text),
        logs: gateway.logs,
        rows: dump.split('\n'),
      };
      for (const [place, texts] of Object.entries(places)) expect([place, found(texts, secrets)]).toEqual([place, []]);
    }
  });
});

describe('internal values', () => {
  test('stay internal: the secret, and the password of the database', () => {
    const databasePassword = new URL(database.url).password;
    expect(databasePassword.length).toBeGreaterThan(20);
    const secrets = [testSecret, databasePassword].flatMap(spellingsOf);
    expect(
      found(
        everyAnswer().map(({ text }) => text),
        secrets,
      ),
    ).toEqual([]);
    expect(found(gateway.logs, secrets)).toEqual([]);
    expect(found(mails.map(mailText), secrets)).toEqual([]);
    expect(found(dump.split('\n'), secrets)).toEqual([]);
  });

  test('stay internal: hashes of passwords, private keys, and the structure of the database', () => {
    for (const texts of [everyAnswer().map(({ text }) => text), gateway.logs, mails.map(mailText)]) {
      expect(found(texts, ['$argon2', 'PRIVATE KEY', 'password_hash', 'select ', 'insert into', 'relation "'])).toEqual(
        [],
      );
    }
    expect(dump).not.toContain('PRIVATE KEY');
  });

  test('stay internal: source paths', () => {
    expect(
      found(
        everyAnswer().map(({ text }) => text),
        ['node_modules', '/src/', '.ts:'],
      ),
    ).toEqual([]);
  });
});

describe('an address', () => {
  test('is in no log line and in no audit entry', () => {
    for (const address of [ada, attackerEmail, ina, 'unknown@planted.example', 'late@planted.example']) {
      const secrets = spellingsOf(address);
      expect(found(gateway.logs, secrets)).toEqual([]);
      expect(found(trail.split('\n'), secrets)).toEqual([]);
    }
  });

  test('is only in responses to its owner', () => {
    const holders = exchanges.filter(({ answer }) => /@planted\.example/.test(wholeOf(answer)));
    expect(new Set(holders.map(({ what }) => what))).toEqual(
      new Set([`signing in as ${ada}`, 'seeing oneself', 'refreshing', 'a new name']),
    );
  });
});
