/** Sending the mail of a pending registration again. It names the address of the registration, not of the repeat. */
import { linkSeconds } from '../mail/mail.ts';
import type { Registration } from '../persistence/entities/registration.ts';
import type { EntityManager } from '../persistence/entity-manager.ts';
import { hashMailToken, mintMailToken } from '../security/mail-tokens.ts';
import { secondsAfter } from './clock.ts';
import type { DomainDependencies } from './dependencies.ts';
import { sourceOf } from './source.ts';

export type RemailResult = 'sent' | 'withheld' | 'nothing_pending';

/**
 * The caller holds the turn of the address. A registration keeps its token and its end unless `renew` is set.
 * @param pending null: does the same work, and sends no mail
 */
export async function remailRegistration(
  { outbox, sealer }: DomainDependencies,
  tx: EntityManager,
  request: { email: string; pending: Registration | null; renew: boolean; ipAddress: string | null },
  now: Date,
): Promise<RemailResult> {
  const { email, pending, renew, ipAddress } = request;
  const source = sourceOf(ipAddress);
  if (!pending) {
    await outbox.pretend(tx, { kind: 'verify_email', to: email }, now, source);
    return 'nothing_pending';
  }
  const kept = renew || !pending.tokenSealed ? null : sealer.unseal(pending.tokenSealed, pending.id).toString();
  const token = kept ?? mintMailToken().token;
  const expiresAt = renew ? secondsAfter(now, linkSeconds.verify_email) : pending.expiresAt;
  const mail = {
    kind: 'verify_email',
    to: email,
    locale: pending.locale,
    variables: {
      token,
      requestedAt: pending.createdAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      ipAddress: pending.ipAddress ?? null,
    },
  } as const;
  // A withheld mail leaves the earlier link valid: otherwise repeated requests could invalidate every link.
  if (!(await outbox.enqueue(tx, mail, now, source))) return 'withheld';
  const tokenHash = kept ? null : hashMailToken(token);
  const tokenSealed = sealer.seal(Buffer.from(token), pending.id);
  if (tokenHash) Object.assign(pending, { tokenHash, tokenSealed, expiresAt });
  return 'sent';
}
