/** The configuration (config/): every problem at once, with advice, and never with the value. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settingWarnings } from '../../src/app/setting-warnings.ts';
import { ConfigError, readConfig } from '../../src/config/config.ts';
import { originsWithoutPasskeys } from '../../src/config/passkeys.ts';
import { passwordPolicies } from '../../src/domain/passwords/policy.ts';
import { defaultRules } from '../../src/domain/risk/rules.ts';
import { readNetworks } from '../../src/domain/source.ts';
import { defaultLimits } from '../../src/ratelimit/limits.ts';

const secret = 'nC1k0yYkTn2CVdTqDqX3m3r7ZC1r8VnLZbGmXy0cQ2E=';
const otherSecret = '4rWm2XJcQe0mJ0o6b8e2vLqzv9uX0r1pPpW7kq3n8dA=';

const production = {
  NODE_ENV: 'production',
  SECRET: secret,
  DATABASE_URL: 'postgres://postern:pw@db.example.com/postern',
  SMTP_URL: 'smtps://user:pw@mail.example.com',
  MAIL_FROM: 'Postern <no-reply@example.com>',
  PUBLIC_URL: 'https://auth.example.com',
};

type Environment = Readonly<Record<string, string | undefined>>;

function configErrorOf(environment: Environment): ConfigError {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

/** The names of the rejected settings. */
function settingsWithProblems(environment: Environment): string[] {
  return configErrorOf(environment).problems.map((problem) => problem.split(':', 1).join());
}

describe('defaults', () => {
  test('development needs no settings', () => {
    const { effective, ...config } = readConfig({});
    expect(effective.every(({ source }) => source === 'DEFAULT')).toBe(true);
    expect(config).toEqual({
      basics: {
        production: false,
        development: true,
        port: 4000,
        publicUrl: 'http://localhost:4000',
        appUrl: 'http://localhost:4000/account',
        pages: ['account', 'console'],
        corsOrigins: [],
      },
      logLevel: 'warn',
      secrets: [],
      listeners: { host: '127.0.0.1', port: 4000, metricsPort: null, shutdownDelaySeconds: 0 },
      hooks: [],
      http: {
        publicUrl: 'http://localhost:4000',
        corsOrigins: [],
        allowsLoopbackOrigins: true,
        secureCookies: false,
        servesMailLinks: false,
        trustedProxies: [],
        geoHeaders: null,
        sandbox: true,
        metricsToken: null,
      },
      graphql: {
        introspection: true,
        routerSecret: null,
        trustedDocuments: null,
        streams: { perSession: 5, perUser: 20, total: 10_000 },
      },
      importedHashes: true,
      limits: {
        redisUrl: null,
        instances: null,
        limits: defaultLimits,
        allowlist: readNetworks(['127.0.0.0/8', '::1/128']),
      },
      domain: {
        productName: 'Postern',
        issuer: 'http://localhost:4000',
        passkeys: { rpId: 'localhost', origins: ['http://localhost:4000'] },
        emailVerification: 'required',
        passwordPolicy: passwordPolicies.classic,
        sms: null,
        apiKeys: { enabled: true, maxTtlSeconds: 365 * 86_400 },
        clientTokenTtlSeconds: 600,
        breachCheckEnabled: false,
        risk: { mode: 'observe', rules: defaultRules },
        disposableMail: 'allow',
        signInMethods: ['PASSWORD', 'PASSKEY', 'FEDERATED'],
        federation: {
          providers: [],
          returnUrls: ['http://localhost:4000/account', 'http://localhost:4000/account/callback'],
        },
        accessTokenTtlSeconds: 900,
        refreshTokenTtlSeconds: 7 * 86_400,
        refreshGraceSeconds: 30,
        captcha: null,
        lockout: { maxFailures: 5, firstLockSeconds: 900 },
        rateLimitAllowlist: readNetworks(['127.0.0.0/8', '::1/128']),
        adminIpAllowlist: [],
        mfaRequiredFor: [],
        reauthWindowSeconds: 600,
        softDeleteRetentionSeconds: 30 * 86_400,
        auditRetentionSeconds: 365 * 86_400,
        eventRetentionSeconds: 7 * 86_400,
      },
      signingKeys: { accessTokenTtlSeconds: 900, rotationSeconds: 30 * 86_400 },
      passwordHashing: { memoryKib: 19_456, passes: 2 },
      outbound: { allow: ['127.0.0.0/8', '::1/128'], ports: [] },
      captcha: { challengeSecret: null, service: null },
      breachCheckUrl: null,
      geo: { locations: null, networks: null },
      mail: {
        smtpUrl: null,
        requireTls: false,
        from: { name: 'Postern', address: 'no-reply@localhost' },
        locale: 'en',
        colour: '#1f4b99',
        logoUrl: null,
        supportUrl: null,
        productName: 'Postern',
        appUrl: 'http://localhost:4000/account',
      },
      sms: null,
      pages: {
        served: ['account', 'console'],
        theme: {},
        logo: null,
        publicUrl: 'http://localhost:4000',
        productName: 'Postern',
        supportUrl: null,
        captcha: null,
        returnUrls: ['http://localhost:4000/account', 'http://localhost:4000/account/callback'],
      },
      database: {
        url: null,
        directUrl: null,
        readUrl: null,
        readMaxLagSeconds: 2,
        ca: null,
        sslMode: null,
        pooler: 'none',
        poolMax: 10,
        partitions: 'on',
      },
      webhooks: { concurrency: 4 },
      telemetry: {
        disabled: false,
        endpoint: null,
        headers: {},
        serviceName: null,
        resourceAttributes: {},
        sampler: 'parentbased_traceidratio',
        ratio: 0.1,
        namesUsers: false,
      },
    });
  });

  test.each([
    ['http://10.1.2.3/range', 'use https: on port 443, 8443 or a port of OUTBOUND_PORTS'],
    ['https://10.1.2.3/range', 'the address is not public; add its network to OUTBOUND_ALLOW'],
    ['https://breaches.example.com:9443/range', 'use https: on port 443, 8443 or a port of OUTBOUND_PORTS'],
  ])('production refuses the breach check at %s without OUTBOUND_ALLOW and OUTBOUND_PORTS', (url, problem) => {
    const settings = { ...production, BREACH_CHECK_URL: url };
    expect(() => readConfig(settings)).toThrow(`BREACH_CHECK_URL: ${problem}`);
    const opened = { ...settings, OUTBOUND_ALLOW: '10.0.0.0/8', OUTBOUND_PORTS: '9443' };
    expect(readConfig(opened).outbound).toEqual({ allow: ['10.0.0.0/8'], ports: [9443] });
  });

  test('CAPTCHA_FOR names operations, each with the failures after which it needs a captcha', () => {
    expect(readConfig({ CAPTCHA: 'altcha' }).domain.captcha).toEqual({
      provider: 'ALTCHA',
      siteKey: null,
      dueAfter: { REGISTER: 0, PASSWORD_RESET: 0, LOGIN: 3, CODE_LOGIN: 3 },
      outage: 'altcha',
    });
    const { captcha } = readConfig({ CAPTCHA: 'altcha', CAPTCHA_FOR: 'login, register:after-100' }).domain;
    expect(captcha?.dueAfter).toEqual({ LOGIN: 0, REGISTER: 100 });
  });

  test('a hosted captcha is solved at the hosts of the gateway, of the frontend and of the allowed origins', () => {
    const { service } = readConfig({
      ...production,
      APP_URL: 'https://app.example.com',
      CORS_ORIGINS: 'https://shop.example.com:8443',
      CAPTCHA: 'turnstile',
      CAPTCHA_SITE_KEY: 'site',
      CAPTCHA_SECRET: 'secret',
    }).captcha;
    expect(service?.verifyUrl).toBe('https://challenges.cloudflare.com/turnstile/v0/siteverify');
    expect([...(service?.hostnames ?? [])]).toEqual(['auth.example.com', 'app.example.com', 'shop.example.com']);
  });

  test.each([
    ['CAPTCHA', { CAPTCHA: 'on' }],
    ['CAPTCHA_FOR', { CAPTCHA: 'altcha', CAPTCHA_FOR: 'logout' }],
    ['CAPTCHA_FOR', { CAPTCHA: 'altcha', CAPTCHA_FOR: 'login:after-0' }],
    ['CAPTCHA_FOR', { CAPTCHA: 'altcha', CAPTCHA_FOR: 'login:after-101' }],
    ['CAPTCHA_SITE_KEY CAPTCHA_SECRET', { CAPTCHA: 'hcaptcha' }],
    ['CAPTCHA_SITE_KEY', { CAPTCHA: 'altcha', CAPTCHA_SITE_KEY: 'a' }],
    ['CAPTCHA_SECRET', { CAPTCHA: 'altcha', CAPTCHA_SECRET: 'short' }],
  ])('a captcha that cannot work names %s', (names, settings) => {
    expect(settingsWithProblems(settings).join(' ')).toBe(names);
  });

  test('production refuses to check captchas without TLS', () => {
    const keys = { CAPTCHA: 'recaptcha', CAPTCHA_SITE_KEY: 'site', CAPTCHA_SECRET: 'secret' };
    const settings = { ...production, ...keys, CAPTCHA_VERIFY_URL: 'http://verify.example.com/' };
    expect(settingsWithProblems(settings)).toEqual(['CAPTCHA_VERIFY_URL']);
  });

  test('production listens on all addresses and exposes no tools', () => {
    expect(readConfig(production)).toMatchObject({
      basics: { production: true, publicUrl: 'https://auth.example.com', appUrl: 'https://auth.example.com' },
      listeners: { host: '0.0.0.0', port: 4000 },
      http: { sandbox: false, secureCookies: true, allowsLoopbackOrigins: false },
      graphql: { introspection: false },
      database: { url: production.DATABASE_URL },
      mail: { smtpUrl: production.SMTP_URL, from: { name: 'Postern', address: 'no-reply@example.com' } },
      secrets: [Buffer.from(secret, 'base64')],
      logLevel: 'info',
    });
  });

  test('settings that production switches off can be switched on by name, and the reverse', () => {
    const on = readConfig({ ...production, SANDBOX: 'true', INTROSPECTION: 'true', HOST: '::1' });
    expect(on).toMatchObject({
      http: { sandbox: true },
      graphql: { introspection: true },
      listeners: { host: '::1' },
    });
    expect(readConfig({ SANDBOX: 'false', INTROSPECTION: 'false' })).toMatchObject({
      http: { sandbox: false },
      graphql: { introspection: false },
    });
  });

  test.each(['', ' ', '\t'])('a blank setting (%j) counts as not set', (blank) => {
    const names = Object.keys(production).concat('PORT', 'SANDBOX', 'CORS_ORIGINS', 'LOG_LEVEL', 'APP_URL');
    expect(readConfig(Object.fromEntries(names.map((name) => [name, blank])))).toEqual(readConfig({}));
  });

  test('unknown variables are ignored', () => {
    expect(readConfig({ PATH: '/usr/bin', HOME: '/root', POSTERN_UNKNOWN: 'x' })).toEqual(readConfig({}));
  });
});

describe('production demands', () => {
  const needed = ['SECRET', 'DATABASE_URL', 'SMTP_URL', 'MAIL_FROM', 'PUBLIC_URL'];

  test('every missing setting at once', () => {
    expect(settingsWithProblems({ NODE_ENV: 'production' }).toSorted()).toEqual(needed.toSorted());
  });

  test.each(needed)('%s', (name) => {
    expect(settingsWithProblems({ ...production, [name]: undefined })).toEqual([name]);
    expect(settingsWithProblems({ ...production, [name]: '  ' })).toEqual([name]);
  });

  test('missing and wrong settings are reported together', () => {
    const problems = settingsWithProblems({ ...production, MAIL_FROM: undefined, PORT: 'x', SECRET: 'weak' });
    expect(problems.toSorted()).toEqual(['MAIL_FROM', 'PORT', 'SECRET']);
  });

  test.each(['prod', 'Production', 'PRODUCTION', 'staging'])(
    'NODE_ENV=%s is refused, so that it never means development by accident',
    (NODE_ENV) => {
      expect(settingsWithProblems({ NODE_ENV })).toEqual(['NODE_ENV']);
    },
  );
});

describe('the message', () => {
  test('has one line for each problem, with the setting and the remedy', () => {
    const { message, problems } = configErrorOf({ PORT: 'x', SANDBOX: 'maybe', ACCESS_TOKEN_TTL: '15' });
    expect(problems).toEqual([
      'PORT: use a whole number from 0 to 65535',
      'ACCESS_TOKEN_TTL: use a duration from 60s to 3600s with its unit, for example 90s, 15m, 12h or 7d',
      'SANDBOX: use true or false',
    ]);
    expect(message.split('\n')).toEqual(['Invalid configuration:', ...problems.map((problem) => `  ${problem}`)]);
  });

  const planted = 'hunter2-Planted-5ecret';
  const refusable = [
    'NODE_ENV',
    'PORT',
    'PUBLIC_URL',
    'APP_URL',
    'DATABASE_URL',
    'DATABASE_POOL_MAX',
    'SMTP_URL',
    'MAIL_FROM',
    'MAIL_LOCALE',
    'MAIL_COLOR',
    'MAIL_LOGO_URL',
    'SUPPORT_URL',
    'SECRET',
    'SECRET_PREVIOUS',
    'CORS_ORIGINS',
    'TRUSTED_PROXIES',
    'EMAIL_VERIFICATION',
    'PASSWORD_POLICY',
    'ACCESS_TOKEN_TTL',
    'REFRESH_TOKEN_TTL',
    'REFRESH_GRACE',
    'ARGON2_MEMORY_KIB',
    'ARGON2_PASSES',
    'ROUTER_SECRET',
    'SANDBOX',
    'INTROSPECTION',
    'METRICS_PORT',
    'LOG_LEVEL',
  ];
  test.each(refusable)('a secret in %s is refused without being shown', (name) => {
    const error = configErrorOf({ [name]: planted });
    expect(error.problems.map((problem) => problem.split(':', 1).join())).toEqual([name]);
    expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain(planted);
  });

  describe.each([
    ['as the password of a URL', `ftp://user:${planted}@db.example.com/x`],
    ['in a list', `https://a.example.com,${planted}`],
    ['with a blank', `${planted} ${planted}`],
    ['on a line of its own', `x\n${planted}`],
  ])('a secret %s', (_shape, value) => {
    test.each([...refusable, 'HOST'])('in %s is not shown, whether or not the setting is wrong', (name) => {
      const error = configErrorOf({ ARGON2_PASSES: 'x', [name]: value });
      expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain(planted);
    });
  });

  test.each([
    ['the user of PUBLIC_URL', { PUBLIC_URL: `https://${planted}@auth.example.com` }],
    ['the password of PUBLIC_URL', { PUBLIC_URL: `https://user:${planted}@auth.example.com` }],
    ['the password of PUBLIC_URL without a user', { PUBLIC_URL: `https://:${planted}@auth.example.com` }],
    ['the query of APP_URL', { APP_URL: `https://app.example.com/?key=${planted}` }],
    ['the fragment of APP_URL', { APP_URL: `https://app.example.com/#${planted}` }],
    ['the path of an origin', { CORS_ORIGINS: `https://app.example.com/${planted}` }],
  ])('a secret in %s is refused without being shown', (_where, environment) => {
    expect(inspect(configErrorOf(environment))).not.toContain(planted);
  });

  const withPassword = (password: string) => [
    ['DATABASE_URL', `postgres://user:${password}@db.example.com/postern`],
    ['DATABASE_DIRECT_URL', `postgres://user:${password}@db.example.com/postern`],
    ['REDIS_URL', `rediss://user:${password}@redis.example.com`],
    ['SMTP_URL', `smtps://user:${password}@mail.example.com`],
  ];

  test.each(
    ['p%rd', 'p%', '%ff', 'p%4', '%zz', 'p/rd', 'p#rd', 'p?rd', '#', '?'].flatMap((part) =>
      withPassword(`${planted}${part}`),
    ),
  )('a password without percent-encoding is refused without being shown: %s', (name = '', value = '') => {
    const pooled = name === 'DATABASE_DIRECT_URL' ? { DATABASE_POOLER: 'transaction' } : {};
    const error = configErrorOf({ ...production, ...pooled, [name]: value });
    expect(error.problems).toEqual([expect.stringMatching(new RegExp(`^${name}: (.*encode %|encode a literal %)`))]);
    expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain(planted);
  });

  test.each(withPassword('p%25%2F%23%3F%3A%40rd'))(
    'a password with percent-encoding is accepted: %s',
    (name, value) => {
      expect(() => readConfig({ ...production, [name ?? '']: value })).not.toThrow();
    },
  );

  test.each(
    ['PUBLIC_URL', 'APP_URL'].flatMap((name) =>
      ['/#', '#', '?', '/?', '/?#', '/app#', '/#/', '/app/?'].map((end) => [name, end]),
    ),
  )('%s that ends with %s is refused, because links would lose it', (name = '', end = '') => {
    const { problems } = configErrorOf({ ...production, [name]: `https://app.example.com${end}` });
    expect(problems).toEqual([`${name}: use an address without user, query and fragment`]);
  });

  test('valid values are not shown when another setting is wrong', () => {
    const { message } = configErrorOf({ ...production, PORT: 'x' });
    for (const value of [secret, production.DATABASE_URL, production.SMTP_URL]) expect(message).not.toContain(value);
  });
});

describe('the database', () => {
  const direct = 'postgres://postern:pw@db.example.com:5433/postern';

  test('behind a transaction pooler needs its direct address as well', () => {
    const pooled = { ...production, DATABASE_POOLER: 'transaction' };
    expect(settingsWithProblems(pooled)).toEqual(['DATABASE_DIRECT_URL']);
    expect(readConfig({ ...pooled, DATABASE_DIRECT_URL: direct }).database.directUrl).toBe(direct);
  });

  test.each([
    ['another machine without TLS', { DATABASE_URL: 'postgres://db.example.com/postern' }, true],
    ['another machine by a parameter', { DATABASE_URL: 'postgres:///postern?host=db.example.com' }, true],
    ['another machine with TLS', { DATABASE_URL: 'postgres://db.example.com/postern?sslmode=verify-full' }, false],
    ['this machine', { DATABASE_URL: 'postgres://127.0.0.1/postern' }, false],
    ['this machine by name', { DATABASE_URL: 'postgres://localhost/postern' }, false],
    ['a socket', { DATABASE_URL: 'postgres:///postern?host=/run/postgresql' }, false],
    ['development', { NODE_ENV: 'development', DATABASE_URL: 'postgres://db.example.com/postern' }, false],
  ])('on %s has the expected warning', (_where, settings, warned) => {
    const warnings = settingWarnings(readConfig({ ...production, ...settings }));
    expect(warnings.some((warning) => warning.includes('not encrypted'))).toBe(warned);
  });
});

describe('SMTP without TLS', () => {
  const requiresTls = (SMTP_URL: string, SMTP_PLAIN_HOST?: string) =>
    readConfig({ ...production, SMTP_URL, SMTP_PLAIN_HOST }).mail.requireTls;

  test.each(['smtp://mailpit:1025', 'smtp://10.0.0.7', 'smtp://mail.example.com', 'smtp://127.0.0.1.example.com'])(
    'is refused by default: %s',
    (url) => expect(requiresTls(url)).toBe(true),
  );

  test.each(['smtp://localhost:1025', 'smtp://127.0.0.1', 'smtp://[::1]:25'])('is allowed on this machine: %s', (url) =>
    expect(requiresTls(url)).toBe(false),
  );

  test.each([
    ['smtp://mailpit:1025', 'mailpit'],
    ['smtp://MailPit:1025', 'mailpit'],
    ['smtp://mail.lan.internal', 'mail.lan.internal'],
    ['smtp://mailpit.mail.svc.cluster.local', 'mailpit.mail.svc.cluster.local'],
    ['smtp://10.1.2.3', '10.1.2.3'],
    ['smtp://172.31.0.9', '172.31.0.9'],
    ['smtp://192.168.7.7', '192.168.7.7'],
    ['smtp://[fd00::25]', 'fd00::25'],
    ['smtp://[fd00::25]', '[fd00::25]'],
  ])('is allowed to the private host that SMTP_PLAIN_HOST names: %s', (url, host) => {
    expect(requiresTls(url, host)).toBe(false);
    expect(requiresTls('smtp://mail.example.com', host)).toBe(true);
  });

  test.each([
    'mail.example.com',
    '203.0.113.7',
    '172.32.0.1',
    '2001:db8::1',
    '134744072',
    '0x08080808',
    '8.8.2056',
    '*',
    'mailpit:1025',
    'mailpit,other',
    '10.0.0.0/8',
    'internal.example.com',
  ])('is never allowed to a public host or a list: %s', (host) => {
    expect(settingsWithProblems({ ...production, SMTP_PLAIN_HOST: host })).toEqual(['SMTP_PLAIN_HOST']);
  });
});

describe('addresses', () => {
  test('PUBLIC_URL follows PORT, and APP_URL follows the account pages or PUBLIC_URL', () => {
    expect(readConfig({ PORT: '4321' }).basics).toMatchObject({
      publicUrl: 'http://localhost:4321',
      appUrl: 'http://localhost:4321/account',
    });
    for (const PAGES of ['off', 'console']) {
      expect(readConfig({ PORT: '4321', PUBLIC_URL: 'https://auth.example.com', PAGES }).basics).toMatchObject({
        publicUrl: 'https://auth.example.com',
        appUrl: 'https://auth.example.com',
      });
    }
    expect(readConfig({ APP_URL: 'https://app.example.com' }).basics).toMatchObject({
      publicUrl: 'http://localhost:4000',
      appUrl: 'https://app.example.com',
    });
  });

  test.each([
    ['https://auth.example.com/', 'https://auth.example.com'],
    ['https://auth.example.com//', 'https://auth.example.com'],
    ['https://example.com/auth/', 'https://example.com/auth'],
    ['HTTPS://Auth.Example.COM', 'https://auth.example.com'],
    ['https://auth.example.com:443', 'https://auth.example.com'],
    ['http://localhost:8080', 'http://localhost:8080'],
  ])('%s becomes %s, to which paths can be appended', (PUBLIC_URL, expected) => {
    expect(readConfig({ PUBLIC_URL }).http.publicUrl).toBe(expected);
  });

  test.each(['auth.example.com', 'ftp://auth.example.com', 'javascript:alert(1)', '//auth.example.com', 'https://'])(
    'PUBLIC_URL=%s is refused',
    (PUBLIC_URL) => {
      expect(settingsWithProblems({ PUBLIC_URL })).toEqual(['PUBLIC_URL']);
    },
  );

  test.each(['postgres://db/x', 'postgresql://u:p@db:5432/x?sslmode=require'])('DATABASE_URL=%s is accepted', (url) => {
    expect(readConfig({ DATABASE_URL: url }).database.url).toBe(url);
  });

  test.each(['mysql://db/x', 'db.example.com', 'http://db/x'])('DATABASE_URL=%s is refused', (DATABASE_URL) => {
    expect(settingsWithProblems({ DATABASE_URL })).toEqual(['DATABASE_URL']);
  });

  test.each(['Postern', 'Postern no-reply@example.com', 'a@example.com\r\nBcc: b@example.com', '<a@b@c.example>'])(
    'MAIL_FROM=%j is refused',
    (MAIL_FROM) => {
      expect(settingsWithProblems({ MAIL_FROM })).toEqual(['MAIL_FROM']);
    },
  );
});

describe('the domain of passkeys', () => {
  const app = { APP_URL: 'https://app.example.com:8443/start', PUBLIC_URL: 'https://auth.example.com' };
  const passkeysOf = (environment: Environment) => {
    const { basics, domain } = readConfig({ ...app, ...environment });
    return { ...domain.passkeys, outside: originsWithoutPasskeys(basics, domain.passkeys) };
  };

  test('is the host of APP_URL by default, whose pages alone may use passkeys', () => {
    expect(passkeysOf({})).toEqual({
      rpId: 'app.example.com',
      origins: ['https://app.example.com:8443'],
      outside: ['https://auth.example.com'],
    });
    expect(passkeysOf({ ...production, APP_URL: undefined })).toEqual({
      rpId: 'auth.example.com',
      origins: ['https://auth.example.com'],
      outside: [],
    });
  });

  test('can be a parent domain, which allows all our origins within it', () => {
    const CORS_ORIGINS =
      'https://shop.example.com,https://example.com,https://example.com.evil.example,https://myexample.com';
    expect(passkeysOf({ PASSKEY_RP_ID: 'example.com', CORS_ORIGINS })).toEqual({
      rpId: 'example.com',
      origins: [
        'https://app.example.com:8443',
        'https://auth.example.com',
        'https://shop.example.com',
        'https://example.com',
      ],
      outside: ['https://example.com.evil.example', 'https://myexample.com'],
    });
  });

  test('can allow native apps, whose origins are accepted as they are', () => {
    const hash = 'android:apk-key-hash:-sYXRdwJA3hvue3mKpYrOZ9zSPC7b4mbgzJmdZEDO5w';
    const { origins } = passkeysOf({ PASSKEY_ORIGINS: `${hash}, ios:bundle-id:com.example.app,https://other.example` });
    expect(origins).toEqual([
      'https://app.example.com:8443',
      hash,
      'ios:bundle-id:com.example.app',
      'https://other.example',
    ]);
  });

  test.each(['android', 'https://app.example.com/path', '*', 'android:apk key', ':x', 'https://*.example.com'])(
    'PASSKEY_ORIGINS %s is refused',
    (PASSKEY_ORIGINS) => {
      expect(settingsWithProblems({ ...app, PASSKEY_ORIGINS })).toEqual(['PASSKEY_ORIGINS']);
    },
  );

  test.each(['localhost', 'app.example.com', 'example.com'])(
    '%s is accepted when it contains the host of APP_URL',
    (PASSKEY_RP_ID) => {
      const APP_URL = PASSKEY_RP_ID === 'localhost' ? 'http://localhost:3000' : app.APP_URL;
      expect(passkeysOf({ APP_URL, PASSKEY_RP_ID }).rpId).toBe(PASSKEY_RP_ID);
    },
  );

  test.each([
    'com',
    'other.example',
    'evil-example.com',
    'deep.app.example.com',
    'https://app.example.com',
    'app.example.com:8443',
    'App.example.com',
    '.example.com',
    'example.com.',
    '127.0.0.1',
    '*.example.com',
  ])('%s is refused, because no browser would accept passkeys for it', (PASSKEY_RP_ID) => {
    expect(settingsWithProblems({ ...app, PASSKEY_RP_ID })).toEqual(['PASSKEY_RP_ID']);
  });
});

describe('the secret of the router', () => {
  test.each([`${otherSecret.slice(0, 32)}`, 'nC1k0yYkTn2CVdTqDqX3m3r7ZC1r8VnLZbGmXy0cQ2E='])(
    '%s is accepted',
    (value) => {
      expect(readConfig({ ROUTER_SECRET: value }).graphql.routerSecret).toBe(value);
    },
  );

  test.each([
    'a'.repeat(32),
    '0123456789abcdef0123456789abcdef',
    'abcdefghijklmnopqrstuvwxyz012345',
    'x'.repeat(31),
    'x'.repeat(513),
    `${'x'.repeat(32)} y`,
    'ü'.repeat(32),
    `${'x'.repeat(32)}\r\ny`,
  ])('%j is refused: too short, or not a valid header value', (ROUTER_SECRET) => {
    expect(settingsWithProblems({ ROUTER_SECRET })).toEqual(['ROUTER_SECRET']);
  });
});

describe('the brand', () => {
  test('is accepted as it is given', () => {
    const { domain, mail } = readConfig({
      PRODUCT_NAME: ' Müller & Söhne ',
      MAIL_LOCALE: 'de',
      MAIL_COLOR: '#FFD34D',
      MAIL_LOGO_URL: 'https://cdn.example.com/logo.png',
      SUPPORT_URL: 'mailto:help@example.com',
    });
    expect(domain.productName).toBe('Müller & Söhne');
    expect(mail).toMatchObject({
      productName: 'Müller & Söhne',
      locale: 'de',
      colour: '#ffd34d',
      logoUrl: 'https://cdn.example.com/logo.png',
      supportUrl: 'mailto:help@example.com',
    });
    expect(readConfig({ SUPPORT_URL: 'https://example.com/help' }).mail.supportUrl).toBe('https://example.com/help');
  });

  test.each([
    ['PRODUCT_NAME', 'Ada\r\nBcc: eve@example.com'],
    ['PRODUCT_NAME', 'Ada\u2028Eve'],
    ['PRODUCT_NAME', 'Ada\u202eevE'],
    ['PRODUCT_NAME', 'Ada\u200b'],
    ['PRODUCT_NAME', 'Acme: Sign-in'],
    ['PRODUCT_NAME', 'x'.repeat(51)],
    ['MAIL_LOCALE', 'fr'],
    ['MAIL_LOCALE', 'de-AT'],
    ['MAIL_LOCALE', 'DE'],
    ['MAIL_COLOR', 'blue'],
    ['MAIL_COLOR', '#fff'],
    ['MAIL_COLOR', '#1f4b99;background:url(https://evil.example)'],
    ['MAIL_COLOR', '1f4b99'],
    ['MAIL_LOGO_URL', 'http://cdn.example.com/logo.png'],
    ['MAIL_LOGO_URL', 'data:image/png;base64,AAAA'],
    ['MAIL_LOGO_URL', 'javascript:alert(1)'],
    ['MAIL_LOGO_URL', '/logo.png'],
    ['SUPPORT_URL', 'help@example.com'],
    ['SUPPORT_URL', 'javascript:alert(1)'],
    ['SUPPORT_URL', 'http://example.com'],
    ['SUPPORT_URL', 'mailto:'],
    ['SUPPORT_URL', 'mailto:help@example.com?bcc=eve@example.com'],
    ['SUPPORT_URL', 'https://'],
  ])('%s=%j is refused', (name, value) => {
    expect(settingsWithProblems({ [name]: value })).toEqual([name]);
  });
});

describe('durations', () => {
  test.each([
    ['60s', 60],
    ['90s', 90],
    ['15m', 900],
    ['1h', 3600],
  ])('ACCESS_TOKEN_TTL=%s is %i seconds', (ACCESS_TOKEN_TTL, seconds) => {
    expect(readConfig({ ACCESS_TOKEN_TTL })).toMatchObject({
      domain: { accessTokenTtlSeconds: seconds },
      signingKeys: { accessTokenTtlSeconds: seconds },
    });
  });

  test.each([
    ['300s', 300],
    ['12h', 43_200],
    ['30d', 2_592_000],
  ])('REFRESH_TOKEN_TTL=%s is %i seconds', (REFRESH_TOKEN_TTL, seconds) => {
    expect(readConfig({ REFRESH_TOKEN_TTL }).domain.refreshTokenTtlSeconds).toBe(seconds);
  });

  test('a grace period of zero is accepted', () => {
    expect(readConfig({ REFRESH_GRACE: '0s' }).domain.refreshGraceSeconds).toBe(0);
  });

  test.each([
    '900',
    '15',
    '15 m',
    '15min',
    '15M',
    'm',
    '-15m',
    '1.5h',
    '1e3s',
    '15ms',
    '1h30m',
    'PT15M',
    '0x10m',
    '٩٠s',
  ])('ACCESS_TOKEN_TTL=%s is refused as malformed', (ACCESS_TOKEN_TTL) => {
    expect(settingsWithProblems({ ACCESS_TOKEN_TTL })).toEqual(['ACCESS_TOKEN_TTL']);
  });

  test.each([
    ['ACCESS_TOKEN_TTL', '59s'],
    ['ACCESS_TOKEN_TTL', '3601s'],
    ['ACCESS_TOKEN_TTL', '0s'],
    ['REFRESH_TOKEN_TTL', '299s'],
    ['REFRESH_TOKEN_TTL', '31d'],
    ['REFRESH_GRACE', '61s'],
    ['REFRESH_GRACE', '1d'],
  ])('%s=%s is out of range', (name, value) => {
    expect(settingsWithProblems({ [name]: value })).toEqual([name]);
  });
});

describe('numbers and choices', () => {
  test.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '4000.5'],
    ['PORT', '0x1000'],
    ['PORT', '4e3'],
    ['DATABASE_POOL_MAX', '1'],
    ['DATABASE_POOL_MAX', '1001'],
    ['ARGON2_MEMORY_KIB', '7167'],
    ['ARGON2_PASSES', '0'],
    ['ARGON2_PASSES', '21'],
    ['SANDBOX', 'yes'],
    ['SANDBOX', '1'],
    ['INTROSPECTION', 'TRUE'],
    ['LOG_LEVEL', 'verbose'],
    ['EMAIL_VERIFICATION', 'optional'],
    ['PASSWORD_POLICY', 'CLASSIC'],
    ['SIGN_IN_METHODS', 'federated'],
    ['SIGN_IN_METHODS', 'password,sms'],
    ['SIGN_IN_METHODS', 'password,,passkey'],
    ['SIGN_IN_METHODS', 'PASSWORD'],
  ])('%s=%s is refused', (name, value) => {
    expect(settingsWithProblems({ [name]: value })).toEqual([name]);
  });

  test('values in range are accepted', () => {
    const config = readConfig({
      PORT: '0',
      DATABASE_POOL_MAX: '2',
      ARGON2_MEMORY_KIB: '7168',
      ARGON2_PASSES: '20',
      LOG_LEVEL: 'silent',
      EMAIL_VERIFICATION: 'off',
      PASSWORD_POLICY: 'nist',
    });
    expect(config).toMatchObject({
      listeners: { port: 0 },
      database: { poolMax: 2 },
      passwordHashing: { memoryKib: 7168, passes: 20 },
      logLevel: 'silent',
      domain: { emailVerification: 'off', passwordPolicy: passwordPolicies.nist },
    });
  });

  test('an unknown choice is reported with the known choices', () => {
    expect(configErrorOf({ PASSWORD_POLICY: 'strict' }).message).toContain('classic, passphrase, nist');
  });
});

describe('lists', () => {
  test('origins are split at commas, and blanks around them are ignored', () => {
    const { corsOrigins } = readConfig({ CORS_ORIGINS: 'https://a.example.com, http://localhost:3000 ,' }).http;
    expect(corsOrigins).toEqual(['https://a.example.com', 'http://localhost:3000']);
  });

  test.each([
    '*',
    'null',
    'https://*.example.com',
    'https://a.example.com/',
    'https://a.example.com/path',
    'https://user@a.example.com',
    'a.example.com',
    'https://A.example.com',
    'file:///etc/passwd',
    'https://a.example.com https://b.example.com',
    'https://a.example.com,*',
  ])('CORS_ORIGINS=%s is refused', (CORS_ORIGINS) => {
    expect(settingsWithProblems({ CORS_ORIGINS })).toEqual(['CORS_ORIGINS']);
  });

  test('proxies are addresses and networks of both families', () => {
    const networks = ['10.0.0.0/8', '192.0.2.7', 'fd00::/8', '::1', '0.0.0.0/0', '2001:db8::/128'];
    expect(readConfig({ TRUSTED_PROXIES: networks.join(', ') }).http.trustedProxies).toEqual(networks);
  });

  test.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0/8', 'fd00::/129', '10.0.0.0/8/8', '10.0.0.0/-1', 'localhost', '*'])(
    'TRUSTED_PROXIES=%s is refused',
    (TRUSTED_PROXIES) => {
      expect(settingsWithProblems({ TRUSTED_PROXIES })).toEqual(['TRUSTED_PROXIES']);
      expect(settingsWithProblems({ TRUSTED_PROXIES: `10.0.0.0/8,${TRUSTED_PROXIES}` })).toEqual(['TRUSTED_PROXIES']);
    },
  );
});

describe('secrets', () => {
  test('the newest comes first, the previous one after it', () => {
    const { secrets } = readConfig({ SECRET: secret, SECRET_PREVIOUS: otherSecret });
    expect(secrets).toEqual([Buffer.from(secret, 'base64'), Buffer.from(otherSecret, 'base64')]);
  });

  test.each([
    ['a word', 'changeme'],
    ['31 bytes', Buffer.from(secret, 'base64').subarray(1).toString('base64')],
    ['32 times the same byte', Buffer.alloc(32, 7).toString('base64')],
    ['32 bytes of few kinds', Buffer.alloc(32, 'secret').toString('base64')],
    ['hexadecimal with a prefix', `0x:${Buffer.from(secret, 'base64').toString('hex')}`],
    ['base64 of digits', Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')],
    ['base64 of a phrase', Buffer.from('The quick brown fox jumps over a dog').toString('base64')],
    ['bytes that count up', Buffer.from(Array.from({ length: 32 }, (_, i) => i + 100)).toString('base64')],
    ['a phrase that happens to be base64', 'ThisIsMySecretPhraseAndNobodyWillEverGuessWhatItIs'],
    ['a phrase in small letters and digits', 'thisisaphrasethathappenstobebase64thatislongerthan'],
    ['a phrase in capitals and digits', 'THISISAPHRASE2026THATHAPPENSTOBEBASE64/ANDISLONG'],
    ['a phrase with digits and marks', 'Correct/horse/battery/staple/2026/and/some/more/words'],
    ['a sentence', 'this is my secret, it is long and no attacker will ever guess what it is'],
  ])('%s is too weak, in production and in development', (_what, SECRET) => {
    expect(settingsWithProblems({ SECRET })).toEqual(['SECRET']);
    expect(settingsWithProblems({ SECRET_PREVIOUS: SECRET })).toEqual(['SECRET_PREVIOUS']);
    expect(settingsWithProblems({ ...production, SECRET })).toEqual(['SECRET']);
  });

  test('the previous secret must differ', () => {
    expect(settingsWithProblems({ SECRET: secret, SECRET_PREVIOUS: secret })).toEqual(['SECRET_PREVIOUS']);
  });

  test.each([
    ['7168', '1', false],
    ['19456', '1', false],
    ['12288', '2', false],
    ['47104', '1', true],
    ['19456', '2', true],
    ['12288', '3', true],
    ['9216', '4', true],
    ['7168', '5', true],
  ])('production with %s KiB and %s passes of Argon2: accepted is %s', (ARGON2_MEMORY_KIB, ARGON2_PASSES, accepted) => {
    const read = () => readConfig({ ...production, ARGON2_MEMORY_KIB, ARGON2_PASSES });
    if (accepted) expect(read).not.toThrow();
    else expect(read).toThrow(/ARGON2_MEMORY_KIB, ARGON2_PASSES: are too weak together/);
  });

  test('a random secret is accepted in base64, in 995 of 1,000 cases at least, and in hexadecimal', () => {
    const random = Array.from({ length: 1000 }, () => randomBytes(32));
    const refused = random.filter((bytes) => {
      try {
        readConfig({ SECRET: bytes.toString('base64') });
        return false;
      } catch {
        return true;
      }
    });
    expect(refused.length).toBeLessThanOrEqual(5);
    expect(readConfig({ SECRET: randomBytes(32).toString('hex') }).secrets).toHaveLength(1);
  });

  test('64 bytes are accepted', () => {
    const bytes = Buffer.concat([Buffer.from(secret, 'base64'), Buffer.from(otherSecret, 'base64')]);
    expect(readConfig({ SECRET: bytes.toString('base64') }).secrets).toEqual([bytes]);
  });
});

describe('traces', () => {
  test('go to the endpoint with its path, or to the exact endpoint of traces', () => {
    const base = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example.com/base/' };
    expect(readConfig(base).telemetry.endpoint).toBe('https://collector.example.com/base/v1/traces');
    const exact = { ...base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://10.0.0.7:4318/exact' };
    expect(readConfig(exact).telemetry.endpoint).toBe('http://10.0.0.7:4318/exact');
  });

  test('have headers and attributes in percent-encoded pairs', () => {
    const { telemetry } = readConfig({
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc%3D, x-tenant=7',
      OTEL_RESOURCE_ATTRIBUTES: 'a.b=c%2Cd',
    });
    expect(telemetry.headers).toEqual({ authorization: 'Bearer abc=', 'x-tenant': '7' });
    expect(telemetry.resourceAttributes).toEqual({ 'a.b': 'c,d' });
  });

  test.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'planted-secret'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'key=planted-secret%zz'],
    ['OTEL_TRACES_SAMPLER', 'sometimes'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
    ['OTEL_TRACES_SAMPLER_ARG', 'a tenth'],
    ['OTEL_SDK_DISABLED', 'yes'],
    ['TRACE_USER_IDS', 'plain'],
  ])('a wrong %s stops the start, and its value is not repeated: %s', (name, value) => {
    const error = configErrorOf({ [name]: value });
    expect(error.problems).toHaveLength(1);
    expect(error.problems[0]).toMatch(new RegExp(`^${name}: use `));
    expect(error.message).not.toContain('planted-secret');
  });
});

describe('metrics', () => {
  test('are served with a token, on a port of their own, or both', () => {
    const METRICS_TOKEN = 'sixteen-letters!';
    expect(readConfig({ METRICS_TOKEN, METRICS_PORT: '9464' })).toMatchObject({
      http: { metricsToken: METRICS_TOKEN },
      listeners: { metricsPort: 9464 },
    });
  });

  test.each([
    'a'.repeat(16),
    '0123456789abcdef',
    'abcd1234abcd1234',
    'short',
    'fifteen-letters',
    'with a blank in the middle',
    'x'.repeat(257),
  ])('METRICS_TOKEN=%s is refused', (METRICS_TOKEN) => {
    expect(settingsWithProblems({ METRICS_TOKEN })).toEqual(['METRICS_TOKEN']);
  });

  test('a port equal to the main port is refused', () => {
    expect(settingsWithProblems({ METRICS_PORT: '4000' })).toEqual(['METRICS_PORT']);
    expect(settingsWithProblems({ PORT: '5000', METRICS_PORT: '5000' })).toEqual(['METRICS_PORT']);
  });
});

describe('TRUSTED_DOCUMENTS', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'postern-manifest-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function manifestOf(content: string): Promise<string> {
    const path = join(folder, 'zebra.json');
    await writeFile(path, content);
    return path;
  }

  test('is the path of a file of documents by their ids', async () => {
    const path = await manifestOf('{"abc": "{ viewer { id } }", "def": "query B { __typename }"}');
    expect([...(readConfig({ TRUSTED_DOCUMENTS: path }).graphql.trustedDocuments ?? [])]).toEqual([
      ['abc', '{ viewer { id } }'],
      ['def', 'query B { __typename }'],
    ]);
  });

  test.each([
    '',
    '{',
    '[]',
    '"text"',
    'null',
    '7',
    '{"abc": 7}',
    '{"abc": {"query": "{ a }"}}',
    '{"abc": ""}',
    '{"": "{ a }"}',
  ])('with the content %j stops the start', async (content) => {
    const { problems } = configErrorOf({ TRUSTED_DOCUMENTS: await manifestOf(content) });
    expect(problems).toEqual([expect.stringMatching(/^TRUSTED_DOCUMENTS: the file is not a JSON object of documents/)]);
    expect(problems.join()).not.toContain('zebra');
  });

  test('with an empty file, a missing file or a folder stops the start', async () => {
    expect(configErrorOf({ TRUSTED_DOCUMENTS: await manifestOf('{}') }).problems[0]).toMatch(/contains no document/);
    expect(configErrorOf({ TRUSTED_DOCUMENTS: `${folder}/nothing` }).problems[0]).toMatch(/cannot be read/);
    expect(configErrorOf({ TRUSTED_DOCUMENTS: folder }).problems[0]).toMatch(/cannot be read/);
  });
});

describe('MAIL_FROM', () => {
  test.each([
    ['Müller <no-reply@müller.example>', 'Müller', 'no-reply@xn--mller-kva.example'],
    ['no-reply@例え.jp', '', 'no-reply@xn--r8jz45g.jp'],
    ['Müller, Söhne & Co <no-reply@example.com>', 'Müller, Söhne & Co', 'no-reply@example.com'],
    ['"Müller, Söhne" <no-reply@example.com>', 'Müller, Söhne', 'no-reply@example.com'],
    ['a@example.com', '', 'a@example.com'],
    ['<a@example.com>', '', 'a@example.com'],
  ])('%s is one sender with an ASCII domain', (text, name, address) => {
    expect(readConfig({ MAIL_FROM: text }).mail.from).toEqual({ name, address });
  });

  test.each([
    'a@example.com, b@example.com',
    'A <a@example.com>, B <b@example.com>',
    'a@b@example.com',
    'müller@example.com',
    'A <a@example.com',
    'a@example.com>',
    'a@exa mple.com',
    'nobody',
  ])('%s is refused', (text) => {
    expect(settingsWithProblems({ MAIL_FROM: text })).toEqual(['MAIL_FROM']);
  });
});
