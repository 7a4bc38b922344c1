/** Codes of authenticator apps (RFC 6238): SHA-1, six digits, thirty seconds: the parameters that all apps support. */
import { generateSecret, generateURI, verifySync } from 'otplib';

const secretBytes = 20;
const periodSeconds = 30;
const codePattern = /^[0-9]{6}$/;
/** UTF-16 units. */
const maxTypedLength = 64;
/** White space, dashes with the minus sign, and format characters such as the direction marks of pasted text. */
const separators = /[\p{White_Space}\p{Pd}\u2212\p{Cf}]/gu;

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

/**
 * Normalises a code that a user types or pastes: `123 456`, `123-456`, with invisible characters around it, or with the
 * digits of another script.
 * @returns six ASCII digits, or null when the text is not a code
 */
export function canonicalTotpCode(text: string): string | null {
  // Bounded before normalisation: NFKC is quadratic in runs of combining marks.
  if (text.length > maxTypedLength) return null;
  const code = text
    .normalize('NFKC')
    .replace(separators, '')
    .replace(/\p{Nd}/gu, asciiDigit);
  return codePattern.test(code) ? code : null;
}

/** Unicode encodes the digits of a script as one run from 0 to 9, so a digit's value is its distance from the run's start. */
function asciiDigit(digit: string): string {
  let value = 0;
  for (let point = (digit.codePointAt(0) ?? 0) - 1; /\p{Nd}/u.test(String.fromCodePoint(point)); point -= 1) value += 1;
  return String(value % 10);
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
