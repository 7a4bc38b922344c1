/** Names a token that is accepted no more: an assertion or a captcha that was used, or a token that was revoked. */
import { hash } from 'node:crypto';

/**
 * @param ownerId the client, or the service that issued the captcha
 * @param id unique among the tokens of this kind and owner
 */
export function spentTokenHash(kind: 'assertion' | 'token' | 'captcha', ownerId: string, id: string): Buffer {
  return hash('sha256', JSON.stringify([kind, ownerId, id]), 'buffer');
}
