/** Formats that several kinds of settings share: durations, numbers, choices, flags and lists. Each problem says what to give instead. */
import { z } from 'zod';

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `15m`: a whole number and its unit. A bare number is rejected: its unit would be a guess. */
export const duration = (min: number, max: number) =>
  z.string().transform((text, context) => {
    const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
    const seconds = amount && unit ? Number(amount) * (unitSeconds[unit] ?? 0) : Number.NaN;
    if (seconds >= min && seconds <= max) return seconds;
    context.addIssue(`use a duration from ${min}s to ${max}s with its unit, for example 90s, 15m, 12h or 7d`);
    return z.NEVER;
  });

/** `500ms` or `2s`: in seconds. */
export const fineDuration = (minMs: number, maxMs: number) =>
  z.string().transform((text, context) => {
    const [, amount, unit] = /^(\d{1,6})(ms|s)$/.exec(text) ?? [];
    const ms = amount ? Number(amount) * (unit === 's' ? 1000 : 1) : Number.NaN;
    if (ms >= minMs && ms <= maxMs) return ms / 1000;
    context.addIssue(`use a duration from ${minMs}ms to ${maxMs / 1000}s with its unit, for example 500ms or 2s`);
    return z.NEVER;
  });

export const integer = (min: number, max: number) =>
  z.string().transform((text, context) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    context.addIssue(`use a whole number from ${min} to ${max}`);
    return z.NEVER;
  });

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `use one of ${values.join(', ')}` });

export const flag = z.enum(['true', 'false'], { error: 'use true or false' }).transform((text) => text === 'true');

export const list = <T>(item: (text: string) => T | null, hint: string) =>
  z.string().transform((text, context) => {
    const items = text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean)
      .map(item);
    const good = items.filter((value) => value !== null);
    if (good.length === items.length) return good;
    context.addIssue(hint);
    return z.NEVER;
  });
