/**
 * The headers of the HTML of the pages. All scripts, styles and requests belong to the gateway's own origin; a hosted captcha
 * adds what the documentation of its service asks for.
 */
import type { CaptchaProvider } from '../../../domain/attempts/captcha.ts';
import { deniedFeatures } from '../../security-headers.ts';

/** The addresses of a captcha service, by directive. */
type Sources = Partial<Record<'script-src' | 'style-src' | 'connect-src' | 'frame-src', string>>;

const services: Readonly<Record<Exclude<CaptchaProvider, 'ALTCHA'>, Sources>> = {
  TURNSTILE: { 'script-src': 'https://challenges.cloudflare.com', 'frame-src': 'https://challenges.cloudflare.com' },
  HCAPTCHA: {
    'script-src': 'https://hcaptcha.com https://*.hcaptcha.com',
    'style-src': 'https://hcaptcha.com https://*.hcaptcha.com',
    'connect-src': 'https://hcaptcha.com https://*.hcaptcha.com',
    'frame-src': 'https://hcaptcha.com https://*.hcaptcha.com',
  },
  RECAPTCHA: {
    'script-src': 'https://www.google.com/recaptcha/ https://www.gstatic.com/recaptcha/',
    'frame-src': 'https://www.google.com/recaptcha/ https://recaptcha.google.com/recaptcha/',
  },
};

function contentSecurityPolicy(captcha: CaptchaProvider | null): string {
  const added: Sources = captcha === null || captcha === 'ALTCHA' ? {} : services[captcha];
  const own = (directive: keyof Sources) => [`${directive} 'self'`, added[directive] ?? []].flat().join(' ');
  return [
    "default-src 'none'",
    own('script-src'),
    own('style-src'),
    "img-src 'self' data:",
    "font-src 'self'",
    own('connect-src'),
    "worker-src 'self'",
    ...(added['frame-src'] === undefined ? [] : [`frame-src ${added['frame-src']}`]),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ...trustedTypes(captcha),
  ].join('; ');
}

/** The script of a service creates elements from texts, which trusted types forbid. Without a captcha, no policy is allowed. */
function trustedTypes(captcha: CaptchaProvider | null): string[] {
  if (captcha !== null && captcha !== 'ALTCHA') return [];
  // The policy names the worker that solves challenges (packages/react/src/captcha/).
  const policies = captcha === null ? "'none'" : 'postern-captcha';
  return ["require-trusted-types-for 'script'", `trusted-types ${policies}`];
}

const passkeys = ['publickey-credentials-get', 'publickey-credentials-create'];
const usual = ['camera', 'microphone', 'geolocation'];
const others = deniedFeatures.filter((feature) => ![...passkeys, ...usual].includes(feature));

export function htmlHeaders(captcha: CaptchaProvider | null): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentSecurityPolicy(captcha),
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': [
      ...passkeys.map((feature) => `${feature}=(self)`),
      ...[...usual, ...others].map((feature) => `${feature}=()`),
    ].join(', '),
  };
}

/** A worker has the policy of its own file: this one computes with WebAssembly, and needs nothing else. */
export const captchaWorkerHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; script-src 'wasm-unsafe-eval'",
};

export function isCaptchaWorker(file: string): boolean {
  return file.startsWith('scrypt-worker-');
}
