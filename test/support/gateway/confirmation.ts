/** Uses the newest access token of a session, and waits until the gateway has recorded that. */

import { FullViewerDocument } from '../generated/graphql.ts';
import { until } from '../races/until.ts';
import type { SignedIn, TestGateway } from './gateway.ts';

type Newest = Pick<SignedIn, 'accessToken'> & { session: { id: string } };

export async function confirm(gateway: TestGateway, session: Newest): Promise<void> {
  await gateway.send(FullViewerDocument, {}, session.accessToken);
  await untilConfirmed(gateway, session.session.id);
}

export function untilConfirmed({ database }: Pick<TestGateway, 'database'>, sessionId: string): Promise<object> {
  const statement = 'select 1 from token_families where id = $1 and confirmed_generation = generation';
  return until('the confirmation', async () => (await database.query(statement, [sessionId])).at(0));
}
