/** What `postern doctor` says about the settings: their problems, or where the secrets come from. No secret is shown. */
import { type Config, type ConfigError, misspeltSettings } from '../config/config.ts';
import { gatewayProblems } from '../config/gateway.ts';
import { describeSecrets } from '../config/secrets.ts';
import { type Finding, fail, problemsOr, warn } from '../domain/operations/doctor/finding.ts';
import { networkWarnings, originWarnings } from './setting-warnings.ts';

export function invalidSettings({ problems }: Pick<ConfigError, 'problems'>): Finding[] {
  return problems.map((problem) => {
    const [name = problem, ...rest] = problem.split(': ');
    const text = rest.join(': ');
    // Most formats of settings only say what to give instead.
    if (text.startsWith('use ')) return fail(`${name} is not valid`, text);
    const [what, ...remedy] = text.split('; ');
    return fail(`${name} ${what}`, remedy.join('; ') || 'correct it in the environment or in .env');
  });
}

export function validSettings(config: Config): Finding[] {
  const tooWide = config.basics.production ? fail : warn;
  return problemsOr(
    [
      ...invalidSettings({ problems: gatewayProblems() }),
      ...misspeltSettings().map(({ variable, setting }) =>
        warn(`${variable} is not a setting`, `rename it to ${setting}, or remove it`),
      ),
      ...networkWarnings(config).map((problem) => tooWide(problem, 'name the addresses of your own machines only')),
      ...originWarnings(config).map((problem) => warn(problem, 'remove the http origins')),
    ],
    `are valid; ${describeSecrets()}`,
  );
}
