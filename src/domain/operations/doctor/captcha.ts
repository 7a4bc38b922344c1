/** Does the hosted captcha service accept the secret? */
import type { DoctorDeps } from './deps.ts';
import { type Finding, fail, ok } from './finding.ts';

export async function checkCaptcha({ captcha }: DoctorDeps): Promise<Finding[]> {
  if (captcha === null) return [ok('CAPTCHA is off')];
  const { provider, problem } = captcha;
  if (problem === null) return [ok('the gateway itself verifies captchas')];
  const found = await problem();
  if (found === null) return [ok(`${provider} accepts the secret`)];
  const remedy = /secret/.test(found)
    ? 'copy CAPTCHA_SECRET from the settings of the service again'
    : 'let this machine call the service; CAPTCHA_OUTAGE says what applies until then';
  return [fail(`${provider} verifies no tokens (${found})`, remedy)];
}
