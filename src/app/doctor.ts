/** Wires the checks of `postern doctor`: each opens its own connection, and a failed one leaves the others to work. */
import type { Config } from '../config/config.ts';
import { isPrivateHost } from '../config/urls.ts';
import { checkProvider, listManagedProviders } from '../domain/administration/providers.ts';
import type { DoctorDatabase, DoctorDeps, LocationState, RedisState } from '../domain/operations/doctor/deps.ts';
import type { RequestUnit } from '../graphql/request/unit.ts';
import { createLogger, type Logger } from '../logger.ts';
import { isLoopback, withoutBrackets } from '../loopback.ts';
import { checkSmtpServer } from '../mail/smtp-check.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { CaptchaService } from '../outbound/captcha/captcha-service.ts';
import { readCertificateEnd } from '../outbound/certificate.ts';
import { createOutbound, type Outbound } from '../outbound/outbound.ts';
import { ProviderClient } from '../outbound/providers/provider-client.ts';
import { checkTwilio } from '../outbound/sms/twilio.ts';
import { readDatabaseUrl } from '../persistence/connection/database-url.ts';
import { readRedisFacts } from '../ratelimit/redis-check.ts';
import { untraced } from '../trace.ts';
import { urlsOfHosts } from '../url-hosts.ts';
import { locksAdministratorsOut } from './administrator-lockout.ts';
import { type App, createApp } from './app.ts';
import { openGeoDatabases } from './geoip.ts';
import { checkConfiguredHooks } from './hooks.ts';
import { validSettings } from './setting-findings.ts';

export interface DoctorOptions {
  /** null: no mail is sent. */
  mailTo: string | null;
  explain(error: unknown): string;
  beforeExit(work: () => Promise<void>): void;
}

export interface OpenDoctor {
  deps: DoctorDeps;
  close(): Promise<void>;
}

/** The operator chose the address, and it may be a private one. */
const anyAddress = { allow: ['0.0.0.0/0', '::/0'], ports: [] };

export async function openDoctor(config: Config, { mailTo, explain, beforeExit }: DoctorOptions): Promise<OpenDoctor> {
  const logger = createLogger('silent');
  // The connection of the limiter would try again and again to reach Redis; the check of Redis opens its own.
  const withoutRedis = { ...config, limits: { ...config.limits, redisUrl: null } };
  const opened = await createApp(withoutRedis, { logger, beforeExit, embeddedDatabase: 'existing' }).catch(
    (error: unknown) => new OpeningFailed(error),
  );
  const { publicUrl } = config.http;
  const { redisUrl } = config.limits;
  const { smtpUrl } = config.mail;
  const outbound = outboundOf({ ...config, outbound: anyAddress }, logger);
  return {
    deps: {
      production: config.basics.production,
      publicUrl,
      trustedProxies: config.http.trustedProxies,
      explain,
      settings: () => validSettings(config),
      database: shared(() => openedDatabase(config, opened)),
      ask: sharedByKey((path) => outbound.fetch(`${publicUrl}${path}`, { purpose: 'public_url' })),
      certificateEnd: () => readCertificateEnd(publicUrl),
      redis: redisUrl === null ? null : () => readRedis(redisUrl),
      smtp: smtpUrl === null ? null : () => checkSmtpServer({ ...config.mail, url: smtpUrl }, mailTo),
      sms: smsOf(config, logger),
      providers: () => providersOf(config, opened, logger),
      locations: () => locationsOf(config),
      captcha: captchaOf(config, logger),
      hooks: () => checkConfiguredHooks(config, logger),
      hasMailHook: config.hooks.some(({ point }) => point === 'sendMail'),
      sendsMail: mailTo !== null,
    },
    close: async () => (opened instanceof OpeningFailed ? undefined : opened.close()),
  };
}

async function locationsOf({ geo: files, domain }: Config): Promise<LocationState> {
  const geo = await openGeoDatabases(files, () => undefined);
  return { files: geo.ages(), locksAdministratorsOut: locksAdministratorsOut(domain, geo) };
}

function smsOf(config: Config, logger: Logger): DoctorDeps['sms'] {
  const { sms } = config;
  if (sms === null) return null;
  if (sms.provider !== 'twilio') return { provider: 'the terminal', problem: async () => null };
  return { provider: 'Twilio', problem: () => checkTwilio(outboundOf(config, logger), sms) };
}

function captchaOf(config: Config, logger: Logger): DoctorDeps['captcha'] {
  const { domain, captcha } = config;
  if (domain.captcha === null) return null;
  const { service } = captcha;
  const asked = service && new CaptchaService(outboundOf(config, logger), { ...service, nowMs });
  return { provider: domain.captcha.provider, problem: asked && (() => asked.problem()) };
}

const nowMs = () => performance.now();

/** As the gateway calls other servers, within OUTBOUND_ALLOW. */
function outboundOf({ outbound: settings }: Config, logger: Logger): Outbound {
  return createOutbound({ settings, nowMs, metrics: createMetrics(), trace: untraced, logger });
}

async function providersOf(
  config: Config,
  opened: App | OpeningFailed,
  logger: Logger,
): ReturnType<DoctorDeps['providers']> {
  const client = new ProviderClient(outboundOf(config, logger), nowMs);
  const { domain } = config;
  const configured = domain.federation.providers.map((provider) => ({
    slug: provider.slug,
    problems: () => client.problems(provider),
  }));
  return [...configured, ...(opened instanceof OpeningFailed ? [] : await storedProviders(opened.dependencies()))];
}

/** Empty where the table cannot be read: the checks of the database say why. */
async function storedProviders(deps: RequestUnit) {
  const managed = await listManagedProviders(deps).catch(() => []);
  const enabled = managed.filter(({ source, enabled: isEnabled }) => source === 'DATABASE' && isEnabled);
  return enabled.map(({ provider: { id, slug } }) => ({
    slug,
    problems: async () => (await checkProvider(deps, id)).problems,
  }));
}

class OpeningFailed {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/** A server that does not answer delays the command once, and not once for each check. */
function shared<T>(work: () => Promise<T>): () => Promise<T> {
  const byKey = sharedByKey(() => work());
  return () => byKey('');
}

function sharedByKey<T>(work: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const results = new Map<string, Promise<T>>();
  return (key) => {
    const result = results.get(key) ?? work(key);
    results.set(key, result);
    return result;
  };
}

async function openedDatabase(config: Config, opened: App | OpeningFailed): Promise<DoctorDatabase> {
  if (opened instanceof OpeningFailed) throw opened.error;
  await opened.databaseClock.measure();
  return databaseOf(config, opened);
}

function databaseOf({ database: settings, signingKeys }: Config, app: App): DoctorDatabase {
  const { servers } = readDatabaseUrl({ ...settings, url: app.databaseUrl });
  return {
    fork: () => app.dependencies().em,
    pooler: settings.pooler,
    isPrivate: servers.every(({ host = 'localhost' }) => host.startsWith('/') || isPrivate(host)),
    clock: app.databaseClock,
    replica: app.replica,
    pendingMigrations: app.pendingMigrations,
    sealer: app.sealer,
    signingKeys: app.signingKeys,
    rotationSeconds: signingKeys.rotationSeconds,
  };
}

async function readRedis(url: string): Promise<RedisState> {
  return {
    ...(await readRedisFacts(url)),
    isEncrypted: url.startsWith('rediss'),
    isPrivate: urlsOfHosts(url).every((one) => isPrivate(withoutBrackets(new URL(one).hostname))),
  };
}

function isPrivate(host: string): boolean {
  return isLoopback(host) || isPrivateHost(host);
}
