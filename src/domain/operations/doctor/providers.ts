/** Do the identity providers publish metadata that the gateway can use? */
import type { DoctorDeps } from './deps.ts';
import { type Finding, fail, ok, problemsOr } from './finding.ts';

export async function checkProviders({ providers }: DoctorDeps): Promise<Finding[]> {
  if (providers.length === 0) return [ok('FEDERATED_PROVIDERS is not set: no external provider signs users in')];
  const problems = await Promise.all(
    providers.map(async ({ slug, problem }) => {
      const text = await problem();
      if (text === null) return null;
      return fail(`${slug} cannot be used (${text})`, 'correct its issuer, or add its network to OUTBOUND_ALLOW');
    }),
  );
  return problemsOr(problems, 'all of them can be used');
}
