/** Webhooks of an administrator, and the state of their deliveries. */
import type { TestGateway } from '../gateway/gateway.ts';
import {
  CreateWebhookDocument,
  type CreateWebhookInput,
  type DeliveryFilter,
  WebhookDocument,
} from '../generated/graphql.ts';
import { until } from '../races/until.ts';
import { createUserWithRole, type UserWithRole } from './users-with-roles.ts';

export type Delivery = NonNullable<NonNullable<Awaited<ReturnType<typeof webhookOf>>>>['deliveries']['nodes'][number];

/** An administrator of webhooks. The gateway needs EMAIL_VERIFICATION=off. */
export function webhookAdmin(gateway: TestGateway): Promise<UserWithRole> {
  return createUserWithRole(gateway, 'ADMIN');
}

export async function createWebhook(
  gateway: TestGateway,
  { accessToken }: Pick<UserWithRole, 'accessToken'>,
  input: CreateWebhookInput,
) {
  const { createWebhook } = await gateway.send(CreateWebhookDocument, { input }, accessToken);
  return { ...createWebhook.webhook, secret: createWebhook.secret };
}

export async function webhookOf(
  gateway: TestGateway,
  { accessToken }: Pick<UserWithRole, 'accessToken'>,
  id: string,
  where: DeliveryFilter | null = null,
) {
  return (await gateway.send(WebhookDocument, { id, first: 100, where }, accessToken)).webhook;
}

/** Waits until the newest delivery of a webhook has this state. A failed one: until the attempt has ended. */
export function deliveryWith(
  gateway: TestGateway,
  admin: Pick<UserWithRole, 'accessToken'>,
  webhookId: string,
  state: Partial<Pick<Delivery, 'status' | 'attempt'>>,
): Promise<Delivery> {
  return until(`a delivery with ${JSON.stringify(state)}`, async () => {
    const [newest] = (await webhookOf(gateway, admin, webhookId))?.deliveries.nodes ?? [];
    const isSo =
      newest &&
      (state.status === undefined || newest.status === state.status) &&
      (state.attempt === undefined || newest.attempt === state.attempt) &&
      (newest.status !== 'FAILED' || Date.parse(newest.nextAttemptAt ?? '') > gateway.clock.now().getTime());
    return isSo ? newest : null;
  });
}

/** Waits until no event is left without deliveries. */
export function allDispatched({ database }: TestGateway): Promise<true> {
  return until('the fan-out of all events', async () => {
    const [row] = await database.query<{ count: number }>(
      'select count(*)::int as count from events where dispatched_at is null',
    );
    return row?.count === 0;
  });
}
