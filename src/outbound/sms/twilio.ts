/** Sends messages through Twilio's REST API: one POST for each, without its SDK. */
import { OutboundUnavailable } from '../errors.ts';
import type { Outbound } from '../outbound.ts';
import type { SmsProblem, SmsProvider } from './provider.ts';

export interface TwilioSettings {
  /** `https://api.twilio.com`, or that of a region. */
  apiUrl: string;
  accountSid: string;
  authToken: string;
  /** A number, a short code, a sender name, or the SID of a messaging service. */
  from: string;
}

/** Twilio drops a message that waits longer for its sender: the code has expired then. */
const validitySeconds = 600;

export function createTwilio(outbound: Outbound, settings: TwilioSettings): SmsProvider {
  const { apiUrl, accountSid, from } = settings;
  const url = `${apiUrl}/2010-04-01/Accounts/${accountSid}/Messages.json`;
  const headers = { ...headersOf(settings), 'content-type': 'application/x-www-form-urlencoded' };
  const sender = { [from.startsWith('MG') ? 'MessagingServiceSid' : 'From']: from };
  return {
    async send({ to, text }) {
      const form = { To: to, ...sender, Body: text, ValidityPeriod: String(validitySeconds) };
      const body = new URLSearchParams(form).toString();
      try {
        const answer = await outbound.fetch(url, { purpose: 'sms', method: 'POST', headers, body });
        return answer.ok ? null : await refusalOf(answer);
      } catch (error) {
        return problemOf(error);
      }
    },
  };
}

function headersOf({ accountSid, authToken }: TwilioSettings): Record<string, string> {
  const credentials = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
  return { authorization: `Basic ${credentials}`, accept: 'application/json' };
}

/** The answer is JSON with the number of the error; its text quotes the recipient and is not kept. */
async function refusalOf(answer: Response): Promise<SmsProblem> {
  const code = await answer
    .json()
    .then((body: unknown) => codeIn(body))
    .catch(() => null);
  return {
    code: `${answer.status}${code === null ? '' : ` ${code}`}`,
    nature: answer.status === 429 || answer.status >= 500 ? 'later' : 'final',
  };
}

function codeIn(body: unknown): number | null {
  const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : null;
  return typeof code === 'number' && Number.isSafeInteger(code) ? code : null;
}

/** Only a call that never reached the service is repeated. */
function problemOf(error: unknown): SmsProblem {
  if (!(error instanceof Error)) return { code: 'unknown', nature: 'final' };
  const isUnsent = error instanceof OutboundUnavailable && !error.connected;
  return { code: isUnsent ? 'no connection' : error.name, nature: isUnsent ? 'later' : 'final' };
}

/** Reads the account, which needs the same credentials as a message. @returns the code of the problem; null: none */
export async function checkTwilio(outbound: Outbound, settings: TwilioSettings): Promise<string | null> {
  const { apiUrl, accountSid } = settings;
  try {
    const answer = await outbound.fetch(`${apiUrl}/2010-04-01/Accounts/${accountSid}.json`, {
      purpose: 'sms',
      headers: headersOf(settings),
    });
    return answer.ok ? null : (await refusalOf(answer)).code;
  } catch (error) {
    return problemOf(error).code;
  }
}
