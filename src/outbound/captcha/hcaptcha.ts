/** hCaptcha. https://docs.hcaptcha.com/#verify-the-user-response-server-side */
import type { CaptchaKind } from './captcha-service.ts';

export const hcaptcha: CaptchaKind = {
  verifyUrl: 'https://api.hcaptcha.com/siteverify',
  rejections: {
    'missing-input-response': 'INVALID',
    'invalid-input-response': 'INVALID',
    'already-seen-response': 'INVALID',
    'invalid-or-already-seen-response': 'INVALID',
    'expired-input-response': 'EXPIRED',
  },
  // The service knows no actions.
  isForAction: () => true,
};
