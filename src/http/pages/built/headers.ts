/** The headers of the HTML of the pages. All scripts, styles and requests belong to the gateway's own origin. */
import { deniedFeatures } from '../../security-headers.ts';

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const passkeys = ['publickey-credentials-get', 'publickey-credentials-create'];
const usual = ['camera', 'microphone', 'geolocation'];
const others = deniedFeatures.filter((feature) => ![...passkeys, ...usual].includes(feature));

export const htmlHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': [
    ...passkeys.map((feature) => `${feature}=(self)`),
    ...[...usual, ...others].map((feature) => `${feature}=()`),
  ].join(', '),
};
