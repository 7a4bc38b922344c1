/** The scalar DateTime: RFC 3339, and only instants that PostgreSQL and ids by time (UUIDv7) can take. */
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';

const earliest = Date.UTC(1970, 0, 1);
const latest = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const maxUnits = 64;
/** RFC 3339 5.6, and the years of six digits that `Date.prototype.toISOString` writes: those are out of range. */
const shape =
  /^(?<date>(?<year>\d{4}|[+-]\d{6})-(?<month>0[1-9]|1[0-2])-(?<day>0[1-9]|[12]\d|3[01]))[Tt](?<time>(?:[01]\d|2[0-3]):[0-5]\d):(?<second>[0-5]\d|60)(?<fraction>\.\d+)?(?<zone>[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** @returns null for text that is no date-time of the calendar; the leap second is the first one of the next minute */
export function parseDateTime(text: string): Date | null {
  if (text.length > maxUnits) return null;
  const { date = '', year, month, day, time, second, fraction = '', zone = '' } = shape.exec(text)?.groups ?? {};
  if (!isOfTheCalendar(Number(year), Number(month), Number(day))) return null;
  const isLeap = second === '60';
  const instant = Date.parse(`${date}T${time}:${isLeap ? '59' : `${second}${fraction}`}${zone.toUpperCase()}`);
  return new Date(isLeap ? instant + 1000 : instant);
}

/** The calendar repeats every 400 years, so a year outside the range of Date is checked through an equivalent year inside it. */
function isOfTheCalendar(year: number, month: number, day: number): boolean {
  return new Date(Date.UTC(2000 + (year % 400), month - 1, day)).getUTCMonth() === month - 1;
}

/** @returns whether the text is a date-time outside of what the scalar takes */
export function isOutOfRange(text: string): boolean {
  const instant = parseDateTime(text)?.getTime();
  // An instant beyond what a Date holds is not a number.
  return instant !== undefined && !(instant >= earliest && instant <= latest);
}

export const rangeAdvice = 'Enter a time from 1970-01-01T00:00:00Z to 9999-12-31T23:59:59.999Z.';

/** @throws GraphQLError that never holds the value: it may be a secret in the wrong field */
function parse(value: unknown): Date {
  const instant = typeof value === 'string' ? parseDateTime(value) : null;
  if (instant === null)
    throw new GraphQLError('DateTime must be a string, for example "2026-01-31T10:15:30Z" (RFC 3339).');
  return instant;
}

/** The range is checked with the other bounds of an operation (documents/bounds.ts), which know the field. */
export const DateTimeScalar = new GraphQLScalarType<Date, Date>({
  name: 'DateTime',
  description:
    'A time in the format of RFC 3339, for example `2026-01-31T10:15:30Z` or `2026-01-31T12:15:30+02:00`. Output is in UTC with milliseconds. Input ranges from `1970-01-01T00:00:00Z` to `9999-12-31T23:59:59.999Z`; other values are `BAD_USER_INPUT` with the field.',
  serialize: GraphQLDateTime.serialize,
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : null),
});
