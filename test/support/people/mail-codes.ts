/** Signs in with codes and links of mails, and reads them. */
import { createHash, randomBytes } from 'node:crypto';
import type { ParsedMail } from 'mailparser';
import { type SignedIn, type TestGateway, withRefreshToken } from '../gateway/gateway.ts';
import { bodyOf } from '../gateway/operations.ts';
import {
  BeginCodeLoginDocument,
  type BeginCodeLoginMutation,
  type CompleteCodeLoginInput,
  FullCompleteCodeLoginDocument,
} from '../generated/graphql.ts';
import { tokenIn } from '../mail/mail-server.ts';

export type SentCode = BeginCodeLoginMutation['beginCodeLogin'];

export const signInSubject = 'Your code to sign in';
export const confirmationSubject = 'Your confirmation code';

/** The code of a mail: a line of its own. */
export function codeIn(mail: ParsedMail): string {
  const code = /^(\d{8})$/m.exec(mail.text ?? '')?.[1];
  if (!code) throw new Error(`the mail "${mail.subject}" has no code`);
  return code;
}

/** Another code of eight digits. */
export function otherCode(code: string): string {
  return String((Number(code) + 1) % 10 ** 8).padStart(8, '0');
}

export function newVerifier(): { codeVerifier: string; codeChallenge: string } {
  const codeVerifier = randomBytes(32).toString('base64url');
  return { codeVerifier, codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url') };
}

export async function beginCode(gateway: TestGateway, email: string, codeChallenge?: string): Promise<SentCode> {
  const input = { email, ...(codeChallenge && { codeChallenge }) };
  return (await gateway.send(BeginCodeLoginDocument, { input })).beginCodeLogin;
}

/** From a network of its own, which a gateway with TRUSTED_PROXIES reads. */
export async function beginCodeFrom(gateway: TestGateway, ipAddress: string, email: string): Promise<SentCode> {
  const response = await gateway.post(bodyOf(BeginCodeLoginDocument, { input: { email } }), {
    'x-forwarded-for': ipAddress,
  });
  const { data }: { data: BeginCodeLoginMutation } = JSON.parse(await response.text());
  return data.beginCodeLogin;
}

export interface MailedCode extends SentCode {
  code: string;
  /** Of the link. */
  token: string;
  codeVerifier: string;
}

/** Begins a sign-in and reads its mail. */
export async function mailedCode(gateway: TestGateway, email: string): Promise<MailedCode> {
  const { codeVerifier, codeChallenge } = newVerifier();
  const sent = await beginCode(gateway, email, codeChallenge);
  const mail = await gateway.mail.take(email, signInSubject);
  return { ...sent, code: codeIn(mail), token: tokenIn(mail), codeVerifier };
}

export async function completeCode(gateway: TestGateway, input: CompleteCodeLoginInput) {
  return (await gateway.send(FullCompleteCodeLoginDocument, { input })).completeCodeLogin;
}

export async function signInByCode(gateway: TestGateway, email: string): Promise<SignedIn> {
  const { flow, code } = await mailedCode(gateway, email);
  return withRefreshToken(await completeCode(gateway, { flow, code }));
}
