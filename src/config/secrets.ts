/** Describes which secrets are set, by their lengths and sources. */
import { sourceOf } from './environment.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Their values are secret. */
const secrets = [
  'SECRET',
  'SECRET_PREVIOUS',
  'ROUTER_SECRET',
  'METRICS_TOKEN',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'TWILIO_AUTH_TOKEN',
  'CAPTCHA_SECRET',
];
const urlsWithPasswords = ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'DATABASE_READ_URL', 'REDIS_URL', 'SMTP_URL'];

/** The names of all settings whose value is a secret or contains one. */
export const secretSettings: ReadonlySet<string> = new Set([...secrets, ...urlsWithPasswords]);

/** Never a secret itself. */
export function describeSecrets(variables: Variables = process.env): string {
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
  // A literal % is no encoding: it counts as it is.
  return password.replace(/%[0-9a-f]{2}/gi, '.').length;
}
