/**
 * Every operation of the schema, with working dependencies and without each table in turn, and a search for each secret
 * that was entered, returned, mailed or configured, in every place where it does not belong.
 */
import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLField, getNamedType, isObjectType, isScalarType, parse } from 'graphql';
import type { ParsedMail } from 'mailparser';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { exportTrail } from '../../src/domain/audit/export.ts';
import { publicMessages } from '../../src/domain/errors.ts';
import { type Answer, answerOf } from '../support/gateway/answer.ts';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { bearer, limitsOff, startTestGateway, type TestGateway, testSecret } from '../support/gateway/gateway.ts';
import {
  type Exchange,
  type OperationRun,
  plantedNumber,
  runEveryOperation,
  runPasswords,
  secretsReturned,
} from '../support/gateway/operation-run.ts';
import { harmlessFields, secretFields, secretsIn } from '../support/leaks/secret-fields.ts';
import { mailText, SecretIndex, spellingsOf, tellingPartsOf, wholeOf } from '../support/leaks/secret-search.ts';
import { type MailServer, startMailServer } from '../support/mail/mail-server.ts';
import { everythingIsSent } from '../support/mail/mailbox.ts';
import { openAuditApp } from '../support/people/audit-chain.ts';
import { type ProvidersFile, writeProviders } from '../support/people/federated.ts';
import { startTcpProxy, type TcpProxy } from '../support/proxies/tcp-proxy.ts';
import { type FakeProvider, startFakeProvider } from '../support/servers/fake-provider.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../support/servers/otlp-receiver.ts';
import { startTwilioServer, type TwilioServer } from '../support/servers/twilio-server.ts';

const configured = {
  SECRET_PREVIOUS: 'Qx96fC9KlBWW9dKDAiKxAkueJndPpNVGPpk2W4OmGWo=',
  ROUTER_SECRET: 'planted-router-secret-0123456789abcdef',
  METRICS_TOKEN: 'planted-metrics-token-0123456789',
  smtpPassword: 'planted-smtp-password-0123456789',
  providerSecret: 'planted-provider-secret-0123456789',
  redisPassword: 'planted-redis-password-0123456789',
  collectorKey: 'planted-collector-key-0123456789',
  captchaSecret: 'planted-captcha-secret-0123456789',
};

let database: TestDatabase;
let proxy: TcpProxy;
let mailServer: MailServer;
let collector: OtlpReceiver;
let provider: FakeProvider;
let twilio: TwilioServer;
let file: ProvidersFile;
let gateway: TestGateway;
let operationRun: OperationRun;
/** Requests that were sent while a dependency failed, with the name of the dependency. */
const accidents: (Exchange & { broken: string })[] = [];
/** Responses outside GraphQL. */
const others: Answer[] = [];
let tables: string[];

/** The places to search, each as one long text. */
const places: Record<string, string> = {};

const requestOf = ({ body, headers }: Exchange) => gateway.post(body, headers);
const get = (path: string, headers: Record<string, string> = {}) =>
  answerOf(fetch(`${gateway.url}${path}`, { headers }));

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startTcpProxy(database.url);
  mailServer = await startMailServer();
  collector = await startOtlpReceiver();
  provider = await startFakeProvider();
  twilio = await startTwilioServer();
  const google = { slug: 'google', kind: 'GOOGLE', displayName: 'Google', issuer: provider.url };
  file = await writeProviders([{ ...google, clientId: 'planted-client', clientSecret: configured.providerSecret }]);
  const smtp = new URL(mailServer.url);
  smtp.username = 'postern';
  smtp.password = configured.smtpPassword;
  gateway = await startTestGateway({
    DATABASE_URL: proxy.url,
    SMTP_URL: smtp.href,
    // No server listens here: the limits report it in the log, and count locally.
    REDIS_URL: `redis://:${configured.redisPassword}@127.0.0.1:9`,
    RATE_LIMITS: `${limitsOff},anonymous=100000/1h`,
    RATE_LIMIT_ALLOWLIST: '127.0.0.0/8',
    LOCKOUT: '100/15m',
    CORS_ORIGINS: 'https://app.example.com',
    SIGN_IN_METHODS: 'password,passkey,federated,email-code',
    SECRET_PREVIOUS: configured.SECRET_PREVIOUS,
    ROUTER_SECRET: configured.ROUTER_SECRET,
    METRICS_TOKEN: configured.METRICS_TOKEN,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: `x-key=${configured.collectorKey}`,
    OTEL_TRACES_SAMPLER: 'always_on',
    TRACE_USER_IDS: 'hashed',
    FEDERATED_PROVIDERS: file.path,
    CAPTCHA: 'altcha',
    CAPTCHA_SECRET: configured.captchaSecret,
    // The run asks for a captcha, and no operation needs one.
    CAPTCHA_FOR: 'beginCodeLogin:after-100',
    RETURN_URLS: 'https://app.example.com',
    ...twilio.settings,
  });
  gateway = { ...gateway, database, mail: mailServer };
  operationRun = await runEveryOperation(gateway, configured.ROUTER_SECRET, provider, twilio);
  await everythingIsSent(database);
  const named = await database.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations'
       and tablename not in (select relname from pg_class where relispartition) order by 1`,
  );
  tables = named.map(({ name }) => name);
  await callHttpRoutes();
  for (const table of tables) {
    await database.query(`alter table ${table} rename to gone`);
    await replay(`without ${table}`);
    await database.query(`alter table gone rename to ${table}`);
  }
  await losingKeys();
  await losingTheDatabase();
  places.metrics = (await get('/metrics', bearer(configured.METRICS_TOKEN))).text;
  await gather();
}, 300_000);
afterAll(async () => {
  await gateway?.stop();
  await mailServer?.stop();
  await collector?.stop();
  await proxy?.close();
  await database?.drop();
  await file?.remove();
  await provider?.stop();
  await twilio?.stop();
});

/** Sends every operation of the run again, mostly with used tokens, while a dependency fails. */
async function replay(broken: string): Promise<void> {
  const waiting = [...operationRun.exchanges];
  const work = async () => {
    for (let exchange = waiting.pop(); exchange; exchange = waiting.pop()) {
      const answer = await answerOf(requestOf(exchange));
      accidents.push({ ...exchange, answer, broken });
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
}

/** Makes keys undecryptable: those of access tokens, those of the audit trail, and TOTP secrets. */
async function losingKeys(): Promise<void> {
  for (const [table, column] of [
    ['signing_keys', 'private_key_sealed'],
    ['audit_keys', 'private_key_sealed'],
    ['totp_secrets', 'secret_sealed'],
  ] as const) {
    await database.query(`create table kept as select * from ${table}`);
    await database.query(`update ${table} set ${column} = '\\x00'`);
    // Keys are read again after a minute.
    gateway.clock.travel(120);
    await replay(`with ${table} that cannot be opened`);
    await database.query(`delete from ${table}`);
    await database.query(`insert into ${table} select * from kept`);
    await database.query('drop table kept');
  }
}

/** The database fails in the middle of requests: connections closed, and silent until they are closed. */
async function losingTheDatabase(): Promise<void> {
  const cutOff = replay('with the database cut off');
  await proxy.cut();
  await cutOff;
  await proxy.restore();
}

async function callHttpRoutes(): Promise<void> {
  const someSession = bearer(
    [...secretsReturned(operationRun.exchanges).keys()].find((text) => text.startsWith('ey')) ?? '',
  );
  for (const headers of [operationRun.admin, someSession, bearer(configured.METRICS_TOKEN), bearer('garbage'), {}])
    for (const path of [
      '/auth/verify',
      '/auth/verify/x?y=z',
      '/metrics',
      '/readyz',
      '/livez',
      '/.well-known/jwks.json',
    ])
      others.push(await get(path, headers));
}

async function gather(): Promise<void> {
  const answers = [...operationRun.exchanges, ...accidents].map(({ answer }) => answer);
  places.answers = [...answers, ...others].map(withoutWhatItHandsOver).join('\n');
  places.logs = gateway.logs.join('');
  places.traces = Buffer.concat(collector.bodies).toString();
  places.mails = [...operationRun.mails, ...mailServer.mails].map(withoutItsSecrets).join('\n');
  const rows = await Promise.all(
    tables.map((name) => database.query<{ text: string }>(`select row_to_json(t)::text as text from ${name} t`)),
  );
  places.rows = rows
    .flat()
    .map(({ text }) => text)
    .join('\n');
  const auditApp = await openAuditApp(database, gateway.clock, { SECRET_PREVIOUS: configured.SECRET_PREVIOUS });
  await auditApp.sealAll();
  let exported = '';
  for await (const lines of exportTrail(auditApp.dependencies().em, null)) exported += lines;
  places.export = exported;
  await auditApp.close();
  places.postgres = readFileSync(inject('postgresLog'), 'utf8');
}

function withoutWhatItHandsOver(answer: Answer): string {
  const cookies = answer.headers.getSetCookie().join('\n');
  return secretsIn(answer).reduce((text, secret) => text.replaceAll(secret, '…'), `${wholeOf(answer)}\n${cookies}`);
}

const linkOf = (mail: ParsedMail) => /#token=([\w-]+)/.exec(mail.text ?? '')?.[1];

const codeOf = (mail: ParsedMail) => /^(\d{8})$/m.exec(mail.text ?? '')?.[1];

function withoutItsSecrets(mail: ParsedMail): string {
  const secrets = [linkOf(mail), codeOf(mail)].filter((secret) => secret !== undefined);
  return secrets.reduce((text, secret) => text.replaceAll(secret, '…'), mailText(mail));
}

/** The positions of all spellings of a secret. */
function placesOf(spellings: readonly string[]): string[] {
  return Object.entries(places).flatMap(([place, text]) =>
    spellings.some((one) => text.includes(one)) ? [place] : [],
  );
}

/** The first match, with enough of the text around it to find the place. */
function around(pattern: RegExp, text: string): string {
  const match = pattern.exec(text);
  return match ? text.slice(Math.max(0, match.index - 60), match.index + 60) : '';
}

/** Backup codes are accepted with and without their dashes. */
const spellingsOfToken = (token: string) => [
  ...tellingPartsOf(token),
  ...(/^[\w]+(-[\w]+)+$/.test(token) ? spellingsOf(token.replaceAll('-', '')) : []),
];

describe('the journey', () => {
  const schemas = ['schema', 'subgraph'].map((name) =>
    readFileSync(new URL(`../../schema/${name}.graphql`, import.meta.url), 'utf8'),
  );
  const federation = 'type _Service { sdl: String } type Query { _service: _Service! _entities: [String] }';
  const schema = buildSchema(schemas[0] ?? '');

  test('ran every operation of the schema, each with success', () => {
    const asked = operationRun.exchanges.flatMap(({ body, answer }) => {
      expect(answer.errors).toEqual([]);
      return parse(body.query).definitions.flatMap((node) =>
        node.kind === 'OperationDefinition'
          ? node.selectionSet.selections.flatMap((one) => (one.kind === 'Field' ? [one.name.value] : []))
          : [],
      );
    });
    const all = [buildSchema(federation).getQueryType(), schema.getQueryType(), schema.getMutationType()].flatMap(
      (type) => Object.keys(type?.getFields() ?? {}),
    );
    expect(all.filter((name) => !asked.includes(name))).toEqual([]);
    expect(schemas[1]).toMatch(/@key\(fields: "id"\)/);
  });

  test('classifies every text field as secret or not', () => {
    const fields = Object.values(schema.getTypeMap()).flatMap((type) => {
      if (!isObjectType(type) || type.name.startsWith('__')) return [];
      return Object.values(type.getFields()).flatMap((field) =>
        holdsText(field) ? [`${type.name}.${field.name}`] : [],
      );
    });
    expect(fields.filter((name) => !secretFields.has(name) && !harmlessFields.has(name))).toEqual([]);
    expect([...secretFields].filter((name) => !fields.includes(name))).toEqual([]);
  });

  function holdsText({ type }: GraphQLField<unknown, unknown>): boolean {
    const named = getNamedType(type);
    return isScalarType(named) && (named.name === 'String' || named.name === 'JSONObject');
  }

  test('received secrets of every kind', () => {
    const handed = new Set(
      operationRun.exchanges.flatMap(({ answer }) =>
        [...secretFields].filter((name) => new RegExp(`"${name.split('.')[1]}":\\s*["[{]`).test(answer.text)),
      ),
    );
    expect([...secretFields].filter((name) => !handed.has(name))).toEqual([]);
    expect(secretsReturned(operationRun.exchanges).size).toBeGreaterThan(80);
  });
});

describe('a secret appears in its intended place only', { timeout: 120_000 }, () => {
  test.each(Object.entries(runPasswords))('the %s password', (_name, password) => {
    expect(placesOf(spellingsOf(password))).toEqual([]);
  });

  test('values in responses of success and failure: tokens, codes, challenges, cookies', () => {
    const index = new SecretIndex();
    for (const secret of secretsReturned([...operationRun.exchanges, ...accidents]).keys())
      index.add(secret, spellingsOfToken(secret));
    const found = Object.entries(places).flatMap(([place, text]) =>
      [...index.foundIn(text)].map((secret) => `${place}: ${secret.slice(0, 12)}…`),
    );
    expect(found).toEqual([]);
  });

  test('the codes of mails', () => {
    const codes = operationRun.mails.map(codeOf).filter((code) => code !== undefined);
    expect(codes).toHaveLength(3);
    expect(codes.flatMap((code) => placesOf([code]))).toEqual([]);
  });

  test('the links of mails', () => {
    const mails = [...operationRun.mails, ...mailServer.mails];
    // A confirmation mail that is sent again has the same link.
    const tokens = [...new Set(mails.map(linkOf).filter((token) => token !== undefined))];
    expect(tokens.length).toBeGreaterThan(10);
    expect(tokens.flatMap((token) => placesOf(tellingPartsOf(token)))).toEqual([]);
  });

  test('configured secrets and their derived keys', () => {
    const secrets = {
      ...configured,
      number: plantedNumber,
      twilio: twilio.settings.TWILIO_AUTH_TOKEN ?? '',
      secret: testSecret,
      database: new URL(database.url).password,
    };
    for (const [name, secret] of Object.entries(secrets)) {
      const bytes = Buffer.from(secret, 'base64');
      const spellings = [...spellingsOf(secret), bytes.toString('hex'), bytes.toString('base64url')];
      expect([name, placesOf(spellings)]).toEqual([name, []]);
    }
  });

  test('e-mail addresses, addresses of clients and user agents are not part of traces', () => {
    const spans = collector.spans();
    expect(new Set(spans.map(({ name }) => name)).size).toBeGreaterThan(100);
    expect(around(/@|127\.0\.0\.1|\bnode\b|undici/, JSON.stringify(spans))).toBe('');
  });

  test('hashes, private keys, statements and source locations', () => {
    const inside = /\$argon2|PRIVATE KEY|\bpassword_hash\b|_sealed|insert into|relation \\?"|\\?"d\\?":\\?"/;
    const source = /node_modules|\/src\/|\.[jt]s:\d|\bat \w+ \(/;
    // PostgreSQL logs the text of failed statements, which has the names of columns.
    const { rows = '', answers = '', postgres = '', ...shown } = places;
    for (const text of [answers, ...Object.values(shown)]) expect(around(inside, text)).toBe('');
    expect(around(source, answers)).toBe('');
    for (const text of [rows, postgres]) expect(around(/PRIVATE KEY|\\?"d\\?":\\?"/, text)).toBe('');
    expect(around(/\$argon2|planted\.example/, postgres)).toBe('');
  });

  test('and the search finds each of them in any place', () => {
    const secrets = [...secretsReturned(operationRun.exchanges).keys(), ...Object.values(runPasswords)];
    for (const [place, text] of Object.entries(places)) {
      expect([place, text.length > 500]).toEqual([place, true]);
      for (const secret of [secrets[0] ?? '', secrets.at(-1) ?? '']) {
        for (const spelled of [secret, JSON.stringify({ secret }), Buffer.from(`x${secret}`).toString('base64')]) {
          places[place] = `${text.slice(0, 300)}${spelled}${text.slice(300)}`;
          expect(placesOf(spellingsOfToken(secret))).toEqual([place]);
          const index = new SecretIndex();
          index.add(secret, spellingsOfToken(secret));
          expect(index.foundIn(places[place])).toEqual(new Set([secret]));
        }
        places[place] = text;
      }
    }
  });
});

describe('with a broken dependency', () => {
  const failedInside = ({ answer }: Exchange) =>
    answer.errors.some(({ extensions }) => extensions.code === 'INTERNAL_SERVER_ERROR');

  test('every operation was called, and many failed', () => {
    const byBreakage = Map.groupBy(accidents, ({ broken }) => broken);
    expect(byBreakage.size).toBe(tables.length + 4);
    const internal = accidents.filter(failedInside);
    expect(new Set(internal.map(({ broken }) => broken)).size).toBeGreaterThan(tables.length / 2);
    expect(accidents.some(({ answer }) => answer.text.includes('SERVICE_UNAVAILABLE'))).toBe(true);
  });

  test('a response has a code, its sentence and a request id, and no internals', () => {
    const shown = new Map<string, string>(Object.entries(publicMessages));
    const known = ['code', 'requestId', 'reason', 'retryAfter', 'fields', 'requiredPermission'];
    for (const { answer, broken, body } of accidents) {
      for (const { message, extensions } of answer.errors) {
        const where = `${broken}: ${body.query.slice(0, 60)}`;
        expect([where, message]).toEqual([where, shown.get(extensions.code)]);
        expect(extensions.requestId).toMatch(/^[\w-]{36}$/);
        expect(Object.keys(extensions).filter((name) => !known.includes(name))).toEqual([]);
        if (extensions.code === 'INTERNAL_SERVER_ERROR')
          expect(Object.keys(extensions).sort()).toEqual(['code', 'requestId']);
      }
    }
  });

  test('the log has each request by its id, with the place of the failure', () => {
    const failed = accidents.filter(failedInside);
    expect(failed.length).toBeGreaterThan(100);
    const lines = gateway.logs.filter((line) => line.includes('"level":50') && line.includes('"at":['));
    const logged = new Set(lines.map((line): unknown => JSON.parse(line).requestId));
    const ids = failed.map(({ answer }) => answer.errors[0]?.extensions.requestId);
    expect(ids.filter((id) => !logged.has(id))).toEqual([]);
  });

  test('and afterwards everything works again', async () => {
    const ask = () => answerOf(gateway.post({ query: '{ passwordPolicy { minLength } }' }));
    // The searches block the process for longer than idle connections live: the first request may use a closed one.
    const { data, errors } = await ask().catch(ask);
    expect([data, errors]).toEqual([{ passwordPolicy: { minLength: 8 } }, []]);
    expect((await get('/readyz')).text).toMatch(/^database: ok/m);
  });
});
