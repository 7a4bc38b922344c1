/** What an error of a delivery means for the mail (retries.ts). */
import type { DeliveryProblem } from './retries.ts';

/** A problem whose nature is known. */
export class DeliveryFailure extends Error {
  override name = 'DeliveryFailure';
  readonly problem: DeliveryProblem;

  constructor(code: string, nature: DeliveryProblem['nature']) {
    super(code);
    this.problem = { code, nature };
  }
}

export function problemOf(error: unknown): DeliveryProblem {
  if (error instanceof DeliveryFailure) return error.problem;
  if (!(error instanceof Error)) return { code: 'unknown', nature: 'internal' };
  const reply = 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return { code: `${code}${reply === null ? '' : ` ${reply}`}`.slice(0, 64), nature: natureOf(error, code, reply) };
}

/** nodemailer's `command`: the step of SMTP that failed. Errors of this gateway have none. */
function natureOf(error: Error, code: string, reply: number | null): DeliveryProblem['nature'] {
  const command = 'command' in error && typeof error.command === 'string' ? error.command : null;
  if (code === 'EABORT') return 'away';
  if (command === null) return 'internal';
  // Nothing was sent: the address is invalid in an envelope.
  if (command === 'API') return code === 'EENVELOPE' ? 'refused' : 'deferred';
  if (reply === null || (command !== 'RCPT TO' && command !== 'DATA')) return 'away';
  return isAboutTheMail(reply, textOf(error)) ? 'refused' : reply >= 500 ? 'away' : 'deferred';
}

const refusals: ReadonlySet<number> = new Set([550, 551, 552, 553, 554, 556]);

/**
 * Servers answer with the same codes when they reject this sender (RFC 3463 X.7: "security or policy"). The
 * operator can fix that, so the mails are retried.
 */
function isAboutTheMail(reply: number, text: string): boolean {
  return refusals.has(reply) && !/^\d{3}[ -]5\.7\./.test(text) && !/\brelay/i.test(text);
}

function textOf(error: Error): string {
  return 'response' in error && typeof error.response === 'string' ? error.response : '';
}
