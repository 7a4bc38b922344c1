/** Are the location files recent, and can administrators still sign in? */
import type { DoctorDeps } from './deps.ts';
import { type Finding, fail, ok, problemsOr, warn } from './finding.ts';

const day = 24 * 60 * 60 * 1000;
/** Providers publish new files every week or every month. */
const maxAgeDays = 45;

export async function checkLocations({ locations }: DoctorDeps): Promise<Finding[]> {
  const { files, locksAdministratorsOut } = await locations();
  if (files.length === 0) return [ok('GEOIP_DATABASE and ASN_DATABASE are not set: sign-ins have no location')];
  const now = Date.now();
  const old = files.flatMap(({ setting, builtAt }) => {
    const days = Math.floor((now - builtAt.getTime()) / day);
    return days > maxAgeDays
      ? [warn(`${setting} is ${days} days old`, 'download the current file of its provider')]
      : [];
  });
  const refused = locksAdministratorsOut ? [fail(`RISK_RULES ${lockout.problem}`, lockout.remedy)] : [];
  return problemsOr([...refused, ...old], `${files.map(({ setting }) => setting).join(' and ')} can be read`);
}

export const lockout = {
  problem: 'refuses every network of ADMIN_IP_ALLOWLIST, so no administrator could sign in',
  remedy: 'add SUPER_ADMIN to refuse.exceptRoles, or one of these networks to refuse.exceptNetworks',
};
