/** Does the service that sends text messages accept this account? */
import type { DoctorDeps } from './deps.ts';
import { type Finding, fail, ok } from './finding.ts';

/** By the code of the failure (outbound/sms/). */
const remedies: readonly (readonly [RegExp, string])[] = [
  [/^(401|403|404)/, 'correct TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN'],
  [/^OutboundRefused/, 'add its network to OUTBOUND_ALLOW, or correct TWILIO_API_URL'],
];

export async function checkSms({ sms }: DoctorDeps): Promise<Finding[]> {
  if (sms === null) return [ok('SMS_PROVIDER is not set: no text messages are sent')];
  const problem = await sms.problem();
  if (problem === null) return [ok(`${sms.provider} accepts the settings; "postern sms test" sends a message`)];
  const [, remedy] = remedies.find(([pattern]) => pattern.test(problem)) ?? [];
  return [
    fail(`${sms.provider} cannot be used (${problem})`, remedy ?? 'see the status of the service, and try again'),
  ];
}
