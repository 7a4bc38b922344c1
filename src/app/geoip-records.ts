/** Reads what MMDB files say about an address: those of MaxMind and DB-IP, and the flat records of IPinfo. */
import type { Place } from '../domain/place.ts';

const maxCityLength = 100;
const anonymous = [
  'is_anonymous',
  'is_anonymous_proxy',
  'is_anonymous_vpn',
  'is_public_proxy',
  'is_residential_proxy',
  'is_tor_exit_node',
];
const away = ['is_satellite_provider', 'is_hosting_provider', 'is_anycast'];
const awayUsers = ['cellular', 'hosting', 'traveler', 'content_delivery_network', 'router'];
/** Names of operators whose users are elsewhere: satellites, aeroplanes, and the data centres that VPNs rent. */
const awayOperators =
  /\b(starlink|space exploration|spacex|viasat|hughes|inmarsat|intelsat|eutelsat|iridium|ses|gogo|panasonic avionics|anuvu|speedcast|vpns?|hosting|hosted|cloud|servers?|datacenters?|datacent(?:er|re)s?|data ?cent(?:er|re)s?|datacamp|m247|cdn77|leaseweb|ovh|digitalocean|linode|vultr|hetzner|amazon|google|microsoft|oracle|cloudflare|akamai|fastly|tzulo|zscaler)\b/i;

type Fields = Readonly<Record<string, unknown>>;

/** @param city,network what the files of GEOIP_DATABASE and ASN_DATABASE say; null: nothing */
export function placeFrom(city: unknown, network: unknown): Place | null {
  if (!isFields(city) && !isFields(network)) return null;
  const [located, routed] = [fieldsOf(city), fieldsOf(network)];
  const traits = fieldsOf(located.traits);
  const sources = [located, traits, routed];
  const operators = sources.map(operatorOf);
  const isAnonymous = sources.some((fields) => anonymous.some((flag) => fields[flag] === true));
  const isAway =
    sources.some((fields) => away.some((flag) => fields[flag] === true)) ||
    awayUsers.includes(textOf(traits.user_type) ?? '') ||
    operators.some((name) => awayOperators.test(name));
  return {
    country: countryOf(located),
    city: nameOf(located.city),
    point: pointOf(located),
    asn: asnOf(routed) ?? asnOf(traits) ?? asnOf(located),
    isAnonymous,
    isFixed: !isAway,
  };
}

function countryOf({ country, country_code: code }: Fields): string | null {
  const text = textOf(fieldsOf(country).iso_code) ?? textOf(code) ?? textOf(country);
  return text !== null && /^[A-Z]{2}$/.test(text) ? text : null;
}

function nameOf(city: unknown): string | null {
  const text = textOf(fieldsOf(fieldsOf(city).names).en) ?? textOf(city);
  return text === null || text.length > maxCityLength || /[\p{Cc}\p{Cs}]/u.test(text) ? null : text;
}

/** Without a radius the point is worth nothing: some addresses are placed in the middle of their country. */
function pointOf({ location }: Fields): Place['point'] {
  const fields = fieldsOf(location);
  const latitude = numberWithin(fields.latitude, 90);
  const longitude = numberWithin(fields.longitude, 180);
  const radiusKm = numberWithin(fields.accuracy_radius, 20_000);
  return latitude === null || longitude === null || radiusKm === null
    ? null
    : { latitude, longitude, radiusKm: Math.abs(Math.round(radiusKm)) };
}

/** A number, or IPinfo's `AS3320`. */
function asnOf({ autonomous_system_number: number, asn }: Fields): number | null {
  if (typeof number === 'number') return number;
  const [, digits] = /^AS(\d{1,10})$/.exec(textOf(asn) ?? '') ?? [];
  return digits === undefined ? null : Number(digits);
}

function operatorOf({ autonomous_system_organization: organisation, as_name: name, isp }: Fields): string {
  return [organisation, name, isp].map((text) => textOf(text) ?? '').join(' ');
}

function numberWithin(value: unknown, limit: number): number | null {
  return typeof value === 'number' && Math.abs(value) <= limit ? value : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
