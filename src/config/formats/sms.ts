/** Formats of the settings for text messages. Each problem says what to give instead. */
import { z } from 'zod';

/** Names of countries know which codes exist. */
const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** @returns the code of ISO 3166-1: `GB` for `UK`; null: no country has it */
export function countryCode(text: string): string | null {
  const code = text.toUpperCase();
  if (!/^[A-Z]{2}$/.test(code) || regions.of(code) === undefined) return null;
  return new Intl.Locale(`und-${code}`).region ?? null;
}

/** E.164, a short code, the SID of a messaging service, or a name of up to eleven letters and digits. */
export const senderOfSms = z
  .string()
  .regex(/^(\+[1-9]\d{6,14}|\d{3,8}|MG[0-9a-f]{32}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/, {
    error:
      'use a number such as +4915123456789, the SID of a messaging service, or a name of up to 11 letters and digits',
  });

export const accountSid = z
  .string()
  .regex(/^AC[0-9a-f]{32}$/i, { error: 'use the account SID, which begins with AC and has 34 characters' });

export const twilioToken = z
  .string()
  .regex(/^[\x21-\x7e]{32,128}$/, { error: 'use the auth token of the account, without white space' });
