/** Stores the claims that a hook adds to the tokens of a session. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../statement.ts';
import type { ClaimsExt } from './token-family.ts';

const statement = { name: 'store_claims', text: 'update token_families set claims_ext = $2::jsonb where id = $1' };

export async function storeClaims(
  em: EntityManager,
  { sessionId, claimsExt }: { sessionId: string; claimsExt: ClaimsExt | null },
): Promise<void> {
  await query(em, statement, [sessionId, claimsExt && JSON.stringify(claimsExt)]);
}
