/** `postern risk explain`: what the gateway knows about an address. It needs no database. */
import { type GeoDatabases, openGeoDatabases } from '../app/geoip.ts';
import { type Config, readConfig } from '../config/config.ts';
import type { Place } from '../domain/place.ts';
import { canonicalAddress, isWithin, readNetworks } from '../domain/source.ts';
import { exitCodes, type Terminal, UsageError } from './terminal.ts';

export async function explainRisk(terminal: Terminal, { ip }: { ip: string }): Promise<number> {
  const ipAddress = canonicalAddress(ip);
  if (ipAddress === null) throw new UsageError('--ip: enter an IP address, for example 203.0.113.7');
  const config = readConfig();
  const geo = await openGeoDatabases(config.geo, (setting, problem) =>
    terminal.error(`postern: ${setting}: ${problem}`),
  );
  for (const line of [...placeLines(geo, ipAddress), ...networkLines(config, geo, ipAddress)]) terminal.out(line);
  const warnings = refusalWarnings(config, geo.locate(ipAddress)?.country ?? null, ipAddress);
  for (const warning of warnings) terminal.error(`postern: ${warning}`);
  return exitCodes.done;
}

function placeLines(geo: GeoDatabases, ipAddress: string): string[] {
  const place = geo.locate(ipAddress);
  const pairs: [string, string | null][] = [
    ['country', place?.country ?? null],
    ['city', place?.city ?? null],
    ['radius', place?.point ? `${place.point.radiusKm} km` : null],
    ['asn', place?.asn ? `AS${place.asn}` : null],
    ['network', place && kindOf(place)],
  ];
  return pairs.map(([name, value]) => `${name.padEnd(8)} ${value ?? 'unknown'}`);
}

function kindOf({ isAnonymous, isFixed }: Place): string {
  if (isAnonymous) return 'anonymiser';
  return isFixed ? 'fixed' : 'satellite, aeroplane or data centre';
}

function networkLines(config: Config, geo: GeoDatabases, ipAddress: string): string[] {
  const { domain, http, limits } = config;
  const lists = [
    { setting: 'TRUSTED_PROXIES', networks: readNetworks(http.trustedProxies) },
    { setting: 'RATE_LIMIT_ALLOWLIST', networks: limits.allowlist },
    { setting: 'ADMIN_IP_ALLOWLIST', networks: domain.adminIpAllowlist },
    { setting: 'RISK_RULES refuse.exceptNetworks', networks: domain.risk.rules.refuse.exceptNetworks },
  ];
  const listed = lists.flatMap(({ setting, networks }) =>
    networks.filter((network) => isWithin(ipAddress, [network])).map(({ text }) => ({ setting, network: text })),
  );
  return [...geo.matches(ipAddress), ...listed].map(({ setting, network }) => `matches  ${network} of ${setting}`);
}

function refusalWarnings({ domain }: Config, country: string | null, ipAddress: string): string[] {
  const { mode, rules } = domain.risk;
  const { countries, exceptRoles, exceptNetworks } = rules.refuse;
  const isRefused = country !== null && countries.includes(country) && !isWithin(ipAddress, exceptNetworks);
  const exceptions = exceptRoles.length > 0 ? `, except users with the role ${exceptRoles.join(' or ')}` : '';
  const effect = mode === 'act' ? 'are refused' : 'would be refused with RISK=act';
  return [
    ...(isRefused ? [`Sign-ins from this address ${effect}${exceptions}.`] : []),
    ...(countries.length > 0 && !exceptRoles.includes('SUPER_ADMIN')
      ? [
          'The refuse rules apply to SUPER_ADMIN too: an administrator in one of these countries cannot sign in. Add the role to refuse.exceptRoles.',
        ]
      : []),
  ];
}
