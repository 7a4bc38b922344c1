/** Cloudflare Turnstile. https://developers.cloudflare.com/turnstile/get-started/server-side-validation/ */
import type { CaptchaKind } from './captcha-service.ts';

export const turnstile: CaptchaKind = {
  verifyUrl: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
  rejections: {
    'missing-input-response': 'INVALID',
    'invalid-input-response': 'INVALID',
    // After five minutes. Used tokens are recognised before the call.
    'timeout-or-duplicate': 'EXPIRED',
  },
  // The widget names it: a token of one form is worth nothing at another.
  isForAction: ({ action: named }, action) => named === action,
};
