/** The tokens that the links in mails carry: kept as a hash, for as long as the link shall work. */
import { MailToken, type MailTokenPurpose, type MailTokenRow } from '../../persistence/access/mail-token.ts';
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
  tx.persist(tx.create(MailToken, { user, ...dated(token, now) }));
}

/** The token, for a statement that inserts it with other rows. */
export function mailTokenRow(userId: string, token: Omit<NewMailToken, 'email'>, now: Date): MailTokenRow {
  return { userId, sessionId: null, ...dated(token, now) };
}

function dated<Token extends { lifeSeconds: number }>({ lifeSeconds, ...kept }: Token, now: Date) {
  return { id: newId(now), ...kept, createdAt: now, expiresAt: secondsAfter(now, lifeSeconds) };
}
