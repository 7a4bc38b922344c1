/** The repeated mail of a pending registration. It names the IP address of the registration, not of the repetition. */
import { linkSeconds, type MailOf } from '../../../mail/mail.ts';
import type { Registration } from '../../../persistence/accounts/registration.ts';
import { type RenewedToken, renewToken } from '../../../persistence/accounts/registrations.ts';
import { mintMailToken } from '../../../security/tokens/mail-tokens.ts';
import { secondsAfter } from '../../clock.ts';
import { newId } from '../../ids.ts';
import { sourceOf } from '../../source.ts';
import type { Transaction } from '../../transaction.ts';
import type { AccountDeps } from '../deps.ts';

export type RemailResult = 'sent' | 'withheld' | 'nothing_pending';

interface RepeatRequest {
  email: string;
  /** Null: the same work without a mail. */
  pending: Registration | null;
  /** Whether to replace the token and the expiry of the registration. */
  renew: boolean;
}

export interface RepeatedMail {
  mail: MailOf<'verify_email'> | null;
  /** To be stored when the mail is sent. Names an unused id where the stored token is sent. */
  renewed: RenewedToken;
}

export function repeatMail({ sealer }: AccountDeps, request: RepeatRequest, now: Date): RepeatedMail {
  const { email, pending, renew } = request;
  const id = pending?.id ?? newId(now);
  const minted = mintMailToken();
  const tokenSealed = sealer.seal(Buffer.from(minted.token), id);
  const kept = renew ? null : pending?.tokenSealed;
  const token = sealer.unseal(kept ?? tokenSealed, id).toString();
  const expiresAt = pending && !renew ? pending.expiresAt : secondsAfter(now, linkSeconds.verify_email);
  const renewed = { registrationId: kept ? newId(now) : id, tokenHash: minted.tokenHash, tokenSealed, expiresAt };
  if (!pending) return { mail: null, renewed };
  const variables = {
    token,
    requestedAt: pending.createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    ipAddress: pending.ipAddress ?? null,
  };
  return { mail: { kind: 'verify_email', to: email, locale: pending.locale, variables }, renewed };
}

/** The caller holds the turn of the address. */
export async function remailRegistration(
  deps: AccountDeps,
  { tx, now, mail }: Transaction,
  request: RepeatRequest & { ipAddress: string | null },
): Promise<RemailResult> {
  const { mail: repeated, renewed } = repeatMail(deps, request, now);
  const counted = { type: 'registration', source: sourceOf(request.ipAddress) } as const;
  const isSent = repeated
    ? await mail(repeated, counted)
    : await deps.outbox.pretend(tx, { kind: 'verify_email', to: request.email }, now, counted);
  // A withheld mail leaves the earlier link valid: otherwise repeated requests could invalidate every link.
  if (isSent) await renewToken(tx, renewed);
  if (!repeated) return 'nothing_pending';
  return isSent ? 'sent' : 'withheld';
}
