/** Whether RISK_RULES would refuse every administrator: provable where ADMIN_IP_ALLOWLIST names their networks. */
import type { DomainSettings } from '../domain/settings.ts';
import { isWithin, type Network } from '../domain/source.ts';
import type { GeoDatabases } from './geoip.ts';

type Settings = Pick<DomainSettings, 'risk' | 'adminIpAllowlist'>;

export function locksAdministratorsOut({ risk, adminIpAllowlist }: Settings, geo: GeoDatabases): boolean {
  const { countries, exceptRoles, exceptNetworks } = risk.rules.refuse;
  if (risk.mode !== 'act' || countries.length === 0 || adminIpAllowlist.length === 0) return false;
  if (exceptRoles.includes('SUPER_ADMIN')) return false;
  const isRefused = (network: Network) => {
    const country = geo.countryOf(network);
    const isExcepted = exceptNetworks.some((excepted) => overlaps(excepted, network));
    return country !== null && countries.includes(country) && !isExcepted;
  };
  return adminIpAllowlist.every(isRefused);
}

function overlaps(one: Network, other: Network): boolean {
  return isWithin(one.address.toString(), [other]) || isWithin(other.address.toString(), [one]);
}
