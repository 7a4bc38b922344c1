/** Do the identity providers publish metadata that the gateway can use? */
import type { DoctorDeps } from './deps.ts';
import { type Finding, fail, ok, problemsOr } from './finding.ts';

export async function checkProviders(deps: DoctorDeps): Promise<Finding[]> {
  const providers = await deps.providers();
  if (providers.length === 0) return [ok('no external provider signs users in')];
  const problems = await Promise.all(
    providers.map(async (provider) => {
      const { slug } = provider;
      const text = (await provider.problems()).map(({ message }) => message).join('; ');
      if (text === '') return null;
      return fail(`${slug} cannot be used (${text})`, 'correct its issuer, or add its network to OUTBOUND_ALLOW');
    }),
  );
  return problemsOr(problems, 'all of them can be used');
}
