/** Creates what every unit of work shares: what the verbs of the domain take. */
import { createSecretKey } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Config } from '../config/config.ts';
import { AskedUsers } from '../domain/administration/import/asked.ts';
import { ExposedKeys } from '../domain/applications/exposed-keys.ts';
import { KeyRefusals } from '../domain/applications/key-refusals.ts';
import { KeyUsage } from '../domain/applications/key-usage.ts';
import type { Clock } from '../domain/clock.ts';
import { newId } from '../domain/ids.ts';
import { KeyedQueue } from '../domain/keyed-queue.ts';
import type { Locate } from '../domain/place.ts';
import { Confirmations } from '../domain/sessions/confirmations.ts';
import { SigningKeys } from '../domain/sessions/signing-keys/signing-keys.ts';
import { createBadKeys } from '../graphql/rate-limits/bad-keys.ts';
import type { RequestUnit } from '../graphql/request/unit.ts';
import { describeError, type Logger } from '../logger.ts';
import { createOutbox } from '../mail/outbox.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createBreachCheck } from '../outbound/breach-check.ts';
import { CaptchaService } from '../outbound/captcha/captcha-service.ts';
import { createOutbound, type Outbound } from '../outbound/outbound.ts';
import { ProviderClient } from '../outbound/providers/provider-client.ts';
import { createKeyStates } from '../persistence/applications/key-state.ts';
import { stampKeyUsage } from '../persistence/applications/key-usage.ts';
import { confirmGenerations } from '../persistence/sessions/confirm-generations.ts';
import { createRotations } from '../persistence/sessions/rotate-family.ts';
import { createTokenStates } from '../persistence/sessions/session-state.ts';
import type { RateLimiter } from '../ratelimit/rate-limiter.ts';
import { firebaseId } from '../security/foreign-hashes/firebase-scrypt.ts';
import { type ForeignHashReader, foreignHashReader } from '../security/foreign-hashes/readers.ts';
import type { KeyRing } from '../security/keys/key-ring.ts';
import { keyedHash } from '../security/keys/keyed-hash.ts';
import { type Sealer, UnsealError } from '../security/keys/sealing.ts';
import { HashGate } from '../security/passwords/hash-gate.ts';
import { maxWaitMs, PasswordHasher, waitingPerSlot } from '../security/passwords/password-hash.ts';
import { ProofOfWork } from '../security/proof-of-work.ts';
import { createCsrfTokens } from '../security/tokens/csrf-token.ts';
import { createDeviceTokens } from '../security/tokens/device-token.ts';
import { createRefreshTokens, openingOnce } from '../security/tokens/refresh-token.ts';
import { VerifiedTokens } from '../security/tokens/verified-tokens.ts';
import type { Trace } from '../trace.ts';
import type { Closers } from './closers.ts';
import type { Database } from './database.ts';
import { openHooks } from './hooks.ts';

/** What the parts of the gateway are made of. */
export interface Base {
  config: Config;
  logger: Logger;
  metrics: Metrics;
  trace: Trace;
  clock: Clock;
  keyRing: KeyRing;
  sealer: Sealer;
  fork: Database['fork'];
  locate: Locate;
}

/** What maintenance writes once a minute. */
export interface AppKeys {
  keyUsage: KeyUsage;
  keyRefusals: KeyRefusals;
  exposedKeys: ExposedKeys;
}

export async function createDependencies(
  base: Base,
  limiter: RateLimiter,
  opened: Closers,
): Promise<Omit<RequestUnit, 'em' | 'replica'> & AppKeys> {
  const { config, clock, metrics, trace, keyRing, sealer, fork, locate } = base;
  const nowMs = () => clock.now().getTime();
  const readForeignHash = foreignHashReader((sealed) => unsealSignerKey(sealer, sealed));
  const outbound = createOutbound({ ...base, settings: config.outbound, nowMs });
  const hasher = createHasher(base, readForeignHash);
  return {
    clock,
    metrics,
    settings: config.domain,
    effectiveSettings: config.effective,
    hasher,
    readForeignHash,
    askedUsers: new AskedUsers(clock),
    captchaVerifiers: openCaptcha(base, outbound, hasher),
    breachCheck: openBreachCheck(base, outbound),
    outbound,
    locate,
    hooks: await openHooks(config.hooks, { ...base, outbound }),
    providerClient: new ProviderClient(outbound, nowMs),
    keyRing,
    sealer,
    accessTokens: new VerifiedTokens(),
    tokenStates: createTokenStates(fork, trace),
    rotations: createRotations(fork, trace),
    refreshTokens: createRefreshTokens(keyRing),
    deviceTokens: createDeviceTokens(keyRing),
    csrfTokens: createCsrfTokens(keyRing),
    confirmations: openConfirmations(base, opened),
    signingKeys: new SigningKeys({ ...base, ...config.signingKeys }),
    outbox: createOutbox({ seal: sealer.seal, hashAddress: (email) => keyedHash(keyRing, email), newId }),
    addressQueue: new KeyedQueue(),
    keyStates: createKeyStates(fork, trace),
    keyUsage: new KeyUsage((uses) => stampKeyUsage(fork(), uses)),
    keyRefusals: new KeyRefusals(),
    exposedKeys: new ExposedKeys(),
    badKeys: createBadKeys(limiter, config.limits.allowlist),
  };
}

function openBreachCheck({ config, logger, metrics }: Base, outbound: Outbound): RequestUnit['breachCheck'] {
  return createBreachCheck(outbound, config.breachCheckUrl, (problem) => {
    metrics.breachCheckFailed();
    logger.warn({ problem }, 'the breach check did not answer: a password was accepted without it');
  });
}

function openCaptcha(
  { config: { captcha }, keyRing, clock }: Base,
  outbound: Outbound,
  hasher: PasswordHasher,
): RequestUnit['captchaVerifiers'] {
  const { challengeSecret, service } = captcha;
  const keys = challengeSecret === null ? keyRing.accepted('captcha') : [createSecretKey(Buffer.from(challengeSecret))];
  return {
    proofOfWork: new ProofOfWork(keys, captchaGate(hasher)),
    service: service && new CaptchaService(outbound, { ...service, nowMs: () => clock.now().getTime() }),
  };
}

/** Captchas take places of the password hashes, and at most half of them: sign-ins pass during a flood of false solutions. */
function captchaGate(hasher: PasswordHasher): Pick<HashGate, 'admit' | 'run'> {
  const width = Math.max(1, Math.floor(availableParallelism() / 2));
  const gate = new HashGate({ width, maxWaiting: width * waitingPerSlot, maxWaitMs });
  return { admit: (work) => gate.admit(work), run: (work) => gate.run(() => hasher.derive(work)) };
}

function openConfirmations({ fork, logger }: Base, opened: Closers): Confirmations {
  const confirmations = new Confirmations({
    write: (notes) => confirmGenerations(fork(), notes),
    report: (error) => logger.warn(describeError(error), 'used refresh tokens could not be confirmed: retrying'),
  });
  opened.add(() => confirmations.flush());
  return confirmations;
}

/** Forks when it is first asked for: requests that batches.ts answers need no unit of work of their own. */
export function unitOf(shared: Omit<RequestUnit, 'em'>, fork: Base['fork']): RequestUnit {
  let em: RequestUnit['em'] | undefined;
  return {
    ...shared,
    refreshTokens: openingOnce(shared.refreshTokens),
    get em() {
      em ??= fork();
      return em;
    },
  };
}

function createHasher({ config, trace }: Base, readForeign: ForeignHashReader): PasswordHasher {
  const { passwordHashing, importedHashes } = config;
  return new PasswordHasher(passwordHashing, availableParallelism(), trace, importedHashes ? readForeign : null);
}

function unsealSignerKey(sealer: Sealer, sealed: Buffer): Buffer | null {
  try {
    return sealer.unseal(sealed, firebaseId);
  } catch (error) {
    if (error instanceof UnsealError) return null;
    throw error;
  }
}
