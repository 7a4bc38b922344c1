/** A duration in words, for a list of choices. */

const [hour, day] = [60 * 60, 24 * 60 * 60];

/** @param seconds whole hours, from a day on whole days @example durationText(604800, 'en') // '7 days' */
export function durationText(seconds: number, locale: string): string {
  const [count, unit] = seconds < day ? [seconds / hour, 'hour'] : [seconds / day, 'day'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
}
