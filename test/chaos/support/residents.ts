/** People who registered before the drill, each with one session. */
import { goodPassword, withRefreshToken } from '../../support/gateway/gateway.ts';
import { FullLoginDocument, RegisterDocument, VerifyEmailDocument } from '../../support/generated/graphql.ts';
import { type MailServer, tokenIn } from '../../support/mail/mail-server.ts';
import { call, type Reply } from './client.ts';
import { type Tokens, tokensOf } from './ledger.ts';

export interface Resident {
  email: string;
  tokens: Tokens;
}

let serial = 0;
/** As many at once: password hashes need the processor. */
const groupSize = 6;

export async function signInResidents(url: string, mail: MailServer, count: number): Promise<Resident[]> {
  const residents: Resident[] = [];
  while (residents.length < count) {
    const group = Array.from({ length: Math.min(groupSize, count - residents.length) }, () =>
      createResident(url, mail),
    );
    residents.push(...(await Promise.all(group)));
  }
  return residents;
}

async function createResident(url: string, mail: MailServer): Promise<Resident> {
  serial += 1;
  const email = `resident-${serial}@example.com`;
  acknowledged(await call(url, RegisterDocument, { input: { email, password: goodPassword } }));
  const token = tokenIn(await mail.take(email));
  acknowledged(await call(url, VerifyEmailDocument, { input: { token } }));
  const { login } = acknowledged(await call(url, FullLoginDocument, { input: { email, password: goodPassword } }));
  return { email, tokens: tokensOf(withRefreshToken(login)) };
}

function acknowledged<Data>({ outcome, data }: Reply<Data>): Data {
  if (data === null) throw new Error(`the drill could not prepare: ${outcome}`);
  return data;
}
