/** Codes of authenticator apps (RFC 6238): SHA-1, six digits, thirty seconds: the parameters that all apps support. */
import { generateSecret, generateURI, verifySync } from 'otplib';
import { canonicalDigits } from '../typed-digits.ts';

const secretBytes = 20;
const periodSeconds = 30;
const digits = 6;

/** @returns base32, for manual entry in an app */
export function newTotpSecret(): string {
  return generateSecret({ length: secretBytes });
}

/** The label of the URI is `issuer:account`: a colon inside either part would end the issuer early, so it becomes a blank. */
export function otpauthUri(secret: string, { issuer, account }: { issuer: string; account: string }): string {
  return generateURI({ issuer: issuer.replaceAll(':', ' '), label: account.replaceAll(':', ' '), secret });
}

/** @returns a PNG as data URI */
export async function drawQrCode(text: string): Promise<string> {
  // Imported by the first enrolment: no other operation needs it.
  const { toDataURL } = await import('qrcode');
  return toDataURL(text, { errorCorrectionLevel: 'M', margin: 4, scale: 6, type: 'image/png' });
}

/** @returns six ASCII digits, or null when the text is not a code */
export function canonicalTotpCode(text: string): string | null {
  return canonicalDigits(text, digits);
}

/**
 * @param text as it was typed
 * @returns the time step of the code: the current one or an adjacent one; null for every other code. The caller checks
 *   whether the step was used before.
 */
export function timeStepOf(text: string, secret: string, now: Date): number | null {
  // otplib throws on anything but six digits. Here that is a wrong code.
  const code = canonicalTotpCode(text);
  if (code === null) return null;
  const epoch = Math.floor(now.getTime() / 1000);
  // The tolerance of otplib is in seconds; it ignores the option `window`.
  const result = verifySync({ secret, token: code, epoch, epochTolerance: periodSeconds });
  return result.valid && 'timeStep' in result ? result.timeStep : null;
}
