/** Codes of authenticator apps (RFC 6238): SHA-1, six digits, thirty seconds, which is what all apps can read. */
import { generateSecret, generateURI, verifySync } from 'otplib';
import { toDataURL } from 'qrcode';

const secretBytes = 20;
const periodSeconds = 30;
const codePattern = /^[0-9]{6}$/;

/** @returns base32, as apps take it when it is typed in */
export function newTotpSecret(): string {
  return generateSecret({ length: secretBytes });
}

/** @param issuer what the app shows as the service; no colons: they end it */
export function otpauthUri(secret: string, { issuer, account }: { issuer: string; account: string }): string {
  return generateURI({ issuer: issuer.replaceAll(':', ' '), label: account, secret });
}

/** @returns a PNG as data URI */
export function drawQrCode(text: string): Promise<string> {
  return toDataURL(text, { errorCorrectionLevel: 'M', margin: 4, scale: 6, type: 'image/png' });
}

/**
 * @returns the time step that a code belongs to, of this one and its two neighbours; null when it is none of theirs.
 *   Whether the step was spent before is for the caller to find out.
 */
export function timeStepOf(code: string, secret: string, now: Date): number | null {
  // otplib throws on what is not six digits. To us it is a wrong code like any other.
  if (!codePattern.test(code)) return null;
  const epoch = Math.floor(now.getTime() / 1000);
  // Its tolerance is in seconds, and it leaves out the option `window`.
  const result = verifySync({ secret, token: code, epoch, epochTolerance: periodSeconds });
  return result.valid && 'timeStep' in result ? result.timeStep : null;
}
