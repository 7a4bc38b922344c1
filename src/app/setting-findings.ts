/** What `postern doctor` says about the settings: their problems, or where the secrets come from. No secret is shown. */
import { type Config, type ConfigError, misspeltSettings } from '../config/config.ts';
import { sourceOf } from '../config/environment.ts';
import { type Finding, fail, problemsOr, warn } from '../domain/operations/doctor/finding.ts';
import { networkWarnings, originWarnings } from './setting-warnings.ts';

type Variables = Readonly<Record<string, string | undefined>>;

export function invalidSettings({ problems }: ConfigError): Finding[] {
  return problems.map((problem) => {
    const [name = problem, ...rest] = problem.split(': ');
    const text = rest.join(': ');
    // Most formats of settings only say what to give instead.
    if (text.startsWith('use ')) return fail(`${name} is not valid`, text);
    const [what, ...remedy] = text.split('; ');
    return fail(`${name} ${what}`, remedy.join('; ') || 'correct it in the environment or in .env');
  });
}

export function validSettings(config: Config, variables: Variables = process.env): Finding[] {
  const tooWide = config.basics.production ? fail : warn;
  return problemsOr(
    [
      ...misspeltSettings(variables).map(({ variable, setting }) =>
        warn(`${variable} is not a setting`, `rename it to ${setting}, or remove it`),
      ),
      ...networkWarnings(config).map((problem) => tooWide(problem, 'name the addresses of your own machines only')),
      ...originWarnings(config).map((problem) => warn(problem, 'remove the http origins')),
    ],
    `are valid; ${describeSecrets(variables)}`,
  );
}

const secrets = ['SECRET', 'SECRET_PREVIOUS', 'ROUTER_SECRET', 'METRICS_TOKEN', 'OTEL_EXPORTER_OTLP_HEADERS'];
const urlsWithPasswords = ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'DATABASE_READ_URL', 'REDIS_URL', 'SMTP_URL'];

function describeSecrets(variables: Variables): string {
  const lengths: [name: string, what: string][] = [
    ...secrets.map((name): [string, string] => [name, `${variables[name]?.length ?? 0} characters`]),
    ...urlsWithPasswords.map((name): [string, string] => [
      name,
      `a password of ${passwordLength(variables[name])} characters`,
    ]),
  ];
  const set = lengths.filter(([name, what]) => variables[name]?.trim() && !/\b0 characters/.test(what));
  if (set.length === 0) return 'no secret is set: .postern has generated ones';
  return set.map(([name, what]) => `${name} has ${what} (${sourceOf(name)})`).join(', ');
}

/** The URL may name several servers, and is no URL of the standard then. */
function passwordLength(url: string | undefined): number {
  const [, password = ''] = /^[^:]+:\/\/[^:/?#]*:([^/?#]*)@/.exec(url ?? '') ?? [];
  return decodeURIComponent(password).length;
}
