/** Captchas for forms of your own. The forms of this package use it. */
import type { CaptchaAction, CaptchaOptions } from '@postern/client';
import { usePostern } from '../provider/postern-context.ts';

export interface UseCaptcha {
  /**
   * Runs the action. After `CAPTCHA_REQUIRED` it obtains a token, with a dialog where a service needs the user, and runs the
   * action once more.
   * @throws the error of the action: also `CAPTCHA_REQUIRED`, when the user cancels
   */
  run: <Result>(action: CaptchaAction, send: (options: CaptchaOptions) => Promise<Result>) => Promise<Result>;
  /** Begins with the captcha before the action, for example when the form gets the focus. */
  prepare: (action: CaptchaAction) => void;
}

/** @example await captcha.run('REGISTER', (options) => client.register(input, options)) */
export function useCaptcha(): UseCaptcha {
  return usePostern().captcha;
}
