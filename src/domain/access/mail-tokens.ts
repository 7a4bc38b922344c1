/** The tokens that the links in mails carry: kept as a hash, for as long as the link shall work. */
import { MailToken, type MailTokenPurpose } from '../../persistence/access/mail-token.ts';
import type { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { secondsAfter } from '../clock.ts';
import { newId } from '../ids.ts';

export interface NewMailToken {
  purpose: MailTokenPurpose;
  tokenHash: Buffer;
  lifeSeconds: number;
  email?: string;
  sessionId?: string | null;
}

export function storeMailToken(tx: EntityManager, user: User, token: NewMailToken, now: Date): void {
  const { lifeSeconds, ...kept } = token;
  const expiresAt = secondsAfter(now, lifeSeconds);
  tx.persist(tx.create(MailToken, { id: newId(now), user, ...kept, createdAt: now, expiresAt }));
}
