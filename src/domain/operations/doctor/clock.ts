/** Do the clocks of this machine, of the database and of PUBLIC_URL agree? */
import type { DoctorDeps } from './deps.ts';
import { type Finding, fail, problemsOr } from './finding.ts';

const maxSkewSeconds = 2;
/** The `Date` header has whole seconds, rounded down. */
const headerSeconds = 1;

export async function checkClock(deps: DoctorDeps): Promise<Finding[]> {
  const { clock } = await deps.database();
  const publicUrl = await publicUrlSkew(deps).catch(() => null);
  return problemsOr(
    [
      problemOf('the database', clock.skewSeconds(), maxSkewSeconds),
      publicUrl === null ? null : problemOf('PUBLIC_URL', publicUrl, maxSkewSeconds + headerSeconds),
    ],
    publicUrl === null ? 'agrees with the database' : 'agrees with the database and with PUBLIC_URL',
  );
}

/** How far this machine is ahead (negative: behind); null: the answer has no date. */
async function publicUrlSkew(deps: DoctorDeps): Promise<number | null> {
  const answer = await deps.ask('/livez');
  const date = Date.parse(answer.headers.get('date') ?? '');
  return Number.isNaN(date) ? null : (Date.now() - date) / 1000;
}

function problemOf(other: string, skewSeconds: number, max: number): Finding | null {
  if (Math.abs(skewSeconds) <= max) return null;
  const side = skewSeconds > 0 ? 'ahead of' : 'behind';
  return fail(`is ${Math.round(Math.abs(skewSeconds))} s ${side} ${other}`, 'run NTP on both machines');
}
