/** Google reCAPTCHA, versions 2 and 3. https://developers.google.com/recaptcha/docs/verify */
import type { CaptchaKind } from './captcha-service.ts';

/** The default of the documentation of version 3, whose tokens are always valid: only the score tells. */
const minScore = 0.5;

export const recaptcha: CaptchaKind = {
  verifyUrl: 'https://www.google.com/recaptcha/api/siteverify',
  rejections: {
    'missing-input-response': 'INVALID',
    'invalid-input-response': 'INVALID',
    // After two minutes. Used tokens are recognised before the call.
    'timeout-or-duplicate': 'EXPIRED',
  },
  // Version 2 answers neither.
  isForAction: ({ action: named, score }, action) =>
    (named === undefined || named === action) &&
    (score === undefined || (typeof score === 'number' && score >= minScore)),
};
