/** Do the operator's hooks answer? */
import type { DoctorDeps } from './deps.ts';
import { type Finding, fail, ok, problemsOr } from './finding.ts';

export async function checkHooks({ hooks }: DoctorDeps): Promise<Finding[]> {
  const checked = await hooks();
  if (checked.length === 0) return [ok('no hook is configured')];
  const problems = checked.map(({ point, problem }) =>
    problem === null ? null : fail(`${point} fails (${problem})`, 'correct it, then run "postern hooks check"'),
  );
  return problemsOr(problems, `${checked.length} of ${checked.length} answer`);
}
