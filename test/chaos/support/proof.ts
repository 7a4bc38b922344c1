/** Compares the ledger of acknowledged changes with what the gateway answers afterwards. */
import { goodPassword } from '../../support/gateway/gateway.ts';
import {
  FullLoginDocument,
  FullRefreshDocument,
  FullViewerDocument,
  VerifyEmailDocument,
} from '../../support/generated/graphql.ts';
import { until } from '../../support/races/until.ts';
import { callUntilJudged } from './client.ts';
import { mailedToken } from './clients.ts';
import type { Ledger } from './ledger.ts';
import type { Traffic } from './traffic.ts';

/** Longer than the claim of a mail (src/mail/worker.ts): one that a fault interrupted is sent when its claim has expired. */
const mailDeadlineMs = 140_000;

/** @returns one sentence for each lost change and each session that ended by mistake */
export async function findLosses(url: string, { ledger, mail }: Traffic): Promise<string[]> {
  return [
    ...(await lostSessions(url, ledger)),
    ...(await revivedSessions(url, ledger)),
    ...(await lostPasswords(url, ledger)),
    ...(await lostRegistrations(url, ledger, mail)),
  ];
}

async function lostSessions(url: string, { sessions }: Ledger): Promise<string[]> {
  const losses: string[] = [];
  for (const { sessionId, refreshToken } of sessions.values()) {
    const { outcome } = await callUntilJudged(url, FullRefreshDocument, { input: { refreshToken } });
    if (outcome !== 'ok') losses.push(`session ${sessionId} ended by mistake: its refresh is answered ${outcome}`);
  }
  return losses;
}

async function revivedSessions(url: string, { ended }: Ledger): Promise<string[]> {
  const losses: string[] = [];
  for (const { sessionId, accessToken, refreshToken } of ended) {
    const seen = await callUntilJudged(url, FullViewerDocument, {}, accessToken);
    const refreshed = await callUntilJudged(url, FullRefreshDocument, { input: { refreshToken } });
    if (seen.outcome !== 'UNAUTHENTICATED' || refreshed.outcome !== 'INVALID_REFRESH_TOKEN')
      losses.push(`the logout of session ${sessionId} was lost: ${seen.outcome}, ${refreshed.outcome}`);
  }
  return losses;
}

async function lostPasswords(url: string, { passwords }: Ledger): Promise<string[]> {
  const losses: string[] = [];
  for (const [email, { current, uncertain, replaced }] of passwords) {
    const opens = async (password: string) => {
      const { outcome } = await callUntilJudged(url, FullLoginDocument, { input: { email, password } });
      return outcome === 'ok';
    };
    const opensNow = (await opens(current)) || (uncertain !== null && (await opens(uncertain)));
    if (!opensNow) losses.push(`${email} cannot sign in with the newest password`);
    const newest = replaced.at(-1);
    if (newest !== undefined && (await opens(newest))) losses.push(`${email} can sign in with a replaced password`);
  }
  return losses;
}

async function lostRegistrations(url: string, ledger: Ledger, mail: Traffic['mail']): Promise<string[]> {
  const losses: string[] = [];
  for (const email of ledger.registered) {
    if (!ledger.confirmed.has(email)) {
      const arrives = until(`the mail to ${email}`, () => mailedToken(mail, email), mailDeadlineMs);
      const token = await arrives.catch(() => null);
      const { outcome } = token
        ? await callUntilJudged(url, VerifyEmailDocument, { input: { token } })
        : { outcome: 'no mail' };
      if (outcome !== 'ok') losses.push(`the registration of ${email} was lost: ${outcome}`);
      if (outcome !== 'ok') continue;
    }
    const { outcome } = await callUntilJudged(url, FullLoginDocument, { input: { email, password: goodPassword } });
    if (outcome !== 'ok') losses.push(`${email} cannot sign in after its confirmation: ${outcome}`);
  }
  return losses;
}
