/** Asks the gateway for captchas, solves them and reads what it says to a token. */
import type { Challenge } from 'altcha-lib';
import type { Answer } from '../gateway/answer.ts';
import { answerOf } from '../gateway/answer.ts';
import type { TestGateway } from '../gateway/gateway.ts';
import { bodyOf } from '../gateway/operations.ts';
import { type CaptchaAction, CaptchaDocument, type CaptchaQuery } from '../generated/graphql.ts';
import { type Solved, solve, tokenOf } from './captcha-solver.ts';

export { tokenOf };

export type OfferedCaptcha = NonNullable<CaptchaQuery['captcha']>;

export async function askCaptcha(
  gateway: TestGateway,
  action: CaptchaAction,
  headers: Record<string, string> = {},
): Promise<OfferedCaptcha> {
  const answer = await answerOf(gateway.post(bodyOf(CaptchaDocument, { action }), headers));
  const { captcha }: CaptchaQuery = JSON.parse(answer.text).data;
  if (!captcha) throw new Error('the gateway uses no captcha');
  return captcha;
}

/** Takes about a second of CPU time. */
export async function solveCaptcha(gateway: TestGateway, action: CaptchaAction): Promise<Solved> {
  const { challenge: offered } = await askCaptcha(gateway, action);
  if (!isChallenge(offered)) throw new Error('the gateway offers no challenge');
  return solve(offered);
}

export function withToken(token: string): Record<string, string> {
  return { 'x-captcha-token': token };
}

/** `CAPTCHA_REQUIRED` with its reason, another error code, or `accepted`. */
export function outcomeOf({ errors }: Pick<Answer, 'errors'>): string {
  const [error] = errors;
  if (!error) return 'accepted';
  const { code, reason } = error.extensions;
  return code === 'CAPTCHA_REQUIRED' ? String(reason) : code;
}

function isChallenge(value: unknown): value is Challenge {
  return typeof value === 'object' && value !== null && 'parameters' in value;
}
