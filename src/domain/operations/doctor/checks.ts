/** The checks of `postern doctor`, and how they run: all at the same time, each with a deadline. */
import { setTimeout as sleep } from 'node:timers/promises';
import { checkAudit } from './audit.ts';
import { checkCaptcha } from './captcha.ts';
import { checkClock } from './clock.ts';
import { checkDatabase } from './database.ts';
import type { DoctorDeps } from './deps.ts';
import { type Finding, fail, failFrom, warn } from './finding.ts';
import { checkHooks } from './hooks.ts';
import { checkKeys } from './keys.ts';
import { checkLocations } from './locations.ts';
import type { CheckName } from './names.ts';
import { checkProviders } from './providers.ts';
import { checkProxies } from './proxies.ts';
import { checkPublicUrl } from './public-url.ts';
import { checkQueues } from './queues.ts';
import { checkRedis } from './redis.ts';
import { checkSms } from './sms.ts';
import { checkSmtp } from './smtp.ts';

type Check = (deps: DoctorDeps) => Finding[] | Promise<Finding[]>;

/** A feature adds its file, one line here and one in names.ts. */
const checks: Readonly<Record<CheckName, Check>> = {
  settings: (deps) => deps.settings(),
  'public-url': checkPublicUrl,
  database: checkDatabase,
  redis: checkRedis,
  smtp: checkSmtp,
  sms: checkSms,
  clock: checkClock,
  keys: checkKeys,
  audit: checkAudit,
  queues: checkQueues,
  proxies: checkProxies,
  providers: checkProviders,
  locations: checkLocations,
  captcha: checkCaptcha,
  hooks: checkHooks,
};

export type NamedFinding = { name: CheckName } & Finding;

/** With it, and with the deadlines of every connection, the command ends within 15 seconds. */
const deadlineMs = 10_000;

export async function runChecks(names: readonly CheckName[], deps: DoctorDeps): Promise<NamedFinding[]> {
  const outcomes = await Promise.all(names.map(async (name) => ({ name, outcome: await outcomeOf(name, deps) })));
  const databaseFailed = outcomes.some(({ name, outcome }) => name === 'database' && isFailed(outcome));
  return outcomes.flatMap(({ name, outcome }) => {
    const findings = outcome instanceof Failure ? [findingOf(outcome, name, databaseFailed, deps)] : outcome;
    return findings.map((finding) => ({ name, ...finding }));
  });
}

/** A check that could not be completed. */
class Failure {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

async function outcomeOf(name: CheckName, deps: DoctorDeps): Promise<Finding[] | Failure> {
  const ended = new AbortController();
  const late = sleep(deadlineMs, [fail('has no result after 10 seconds', 'see what its server does')], {
    signal: ended.signal,
  });
  const result = Promise.resolve()
    .then(() => checks[name](deps))
    .catch((error: unknown) => new Failure(error));
  try {
    return await Promise.race([result, late]);
  } finally {
    late.catch(() => undefined);
    ended.abort();
  }
}

function isFailed(outcome: Finding[] | Failure): boolean {
  return outcome instanceof Failure || outcome.some(({ state }) => state === 'fail');
}

/** Without a usable database, the checks that read it say so instead of repeating its error. */
function findingOf({ error }: Failure, name: CheckName, databaseFailed: boolean, { explain }: DoctorDeps): Finding {
  if (databaseFailed && name !== 'database') return warn('not checked', 'correct "database" first');
  return failFrom(explain(error));
}
