/** Webhooks, for administrators. */
import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { findWebhook, listDeliveries, listWebhooks } from '../../domain/webhooks/deliveries.ts';
import {
  createWebhook,
  deleteWebhook,
  rotateWebhookSecret,
  updateWebhook,
} from '../../domain/webhooks/manage-webhooks.ts';
import { redeliver, sendTestEvent } from '../../domain/webhooks/send-again.ts';
import type { Context } from '../request/context.ts';
import { toConnection } from '../types/connection.ts';
import { DeliveryFilter, Webhook, WebhookDeliveryConnection } from '../types/webhook.ts';
import {
  CreateWebhookInput,
  CreateWebhookPayload,
  DeleteWebhookInput,
  DeleteWebhookPayload,
  RedeliverInput,
  RedeliverPayload,
  RotateWebhookSecretInput,
  RotateWebhookSecretPayload,
  SendTestEventInput,
  SendTestEventPayload,
  UpdateWebhookInput,
  UpdateWebhookPayload,
} from '../types/webhook-administration.ts';

@Resolver(() => Webhook)
export class WebhooksResolver {
  @Query(() => [Webhook], {
    description: 'All webhooks, oldest first: at most 20. Requires `webhooks:write`. Errors: `FORBIDDEN`.',
  })
  webhooks(@Ctx() { unit }: Context): Promise<Webhook[]> {
    return listWebhooks(unit);
  }

  @Query(() => Webhook, {
    nullable: true,
    description: 'One webhook. Null: there is none with this id. Requires `webhooks:write`. Errors: `FORBIDDEN`.',
  })
  webhook(
    @Arg('id', () => ID, { description: 'The id of the webhook.' }) id: string,
    @Ctx() { unit }: Context,
  ): Promise<Webhook | null> {
    return findWebhook(unit, id);
  }

  @FieldResolver(() => WebhookDeliveryConnection, {
    description: 'Its deliveries of the last 30 days, newest first. Errors: `BAD_USER_INPUT` with `fields`.',
  })
  async deliveries(
    @Root() { id }: Webhook,
    @Ctx() { unit }: Context,
    @Arg('first', () => Int, { nullable: true, description: 'The number of entries, 0 to 100. Default 20.' })
    first?: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Return entries after this cursor.' })
    after?: string | null,
    @Arg('where', () => DeliveryFilter, { nullable: true, description: 'The filter. Default: all deliveries.' })
    where?: DeliveryFilter | null,
  ): Promise<WebhookDeliveryConnection> {
    return toConnection(await listDeliveries(unit, id, where ?? {}, { first, after }));
  }

  @Mutation(() => CreateWebhookPayload, {
    description:
      'Creates a webhook. Its messages are signed with the returned secret (docs/webhooks.md). Requires `webhooks:write` and recent authentication. Errors: `BAD_USER_INPUT` with `fields`, `CONFLICT` when there are 20 webhooks, `REAUTHENTICATION_REQUIRED`.',
  })
  createWebhook(
    @Arg('input', () => CreateWebhookInput, { description: 'The webhook.' }) input: CreateWebhookInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<CreateWebhookPayload> {
    return createWebhook(unit, caller, input);
  }

  @Mutation(() => UpdateWebhookPayload, {
    description:
      'Changes a webhook. Requires `webhooks:write`; another address and `includeProfile` also require recent authentication. Errors: `NOT_FOUND`, `BAD_USER_INPUT` with `fields`, `REAUTHENTICATION_REQUIRED`.',
  })
  async updateWebhook(
    @Arg('input', () => UpdateWebhookInput, { description: 'The changes.' }) input: UpdateWebhookInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<UpdateWebhookPayload> {
    return { webhook: await updateWebhook(unit, caller, input) };
  }

  @Mutation(() => RotateWebhookSecretPayload, {
    description:
      'Gives a webhook another secret. Until the overlap ends, messages carry two signatures, so that receivers can change at any time in between. Requires `webhooks:write` and recent authentication. Errors: `NOT_FOUND`, `CONFLICT` while an earlier rotation lasts, `BAD_USER_INPUT` with `fields`, `REAUTHENTICATION_REQUIRED`.',
  })
  rotateWebhookSecret(
    @Arg('input', () => RotateWebhookSecretInput, { description: 'The webhook.' })
    { id, overlap }: RotateWebhookSecretInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<RotateWebhookSecretPayload> {
    return rotateWebhookSecret(unit, caller, { id, overlapSeconds: overlap ?? null });
  }

  @Mutation(() => DeleteWebhookPayload, {
    description: 'Deletes a webhook with its deliveries. Requires `webhooks:write`. Errors: `NOT_FOUND`.',
  })
  async deleteWebhook(
    @Arg('input', () => DeleteWebhookInput, { description: 'The webhook.' }) input: DeleteWebhookInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<DeleteWebhookPayload> {
    await deleteWebhook(unit, caller, input.id);
    return { deleted: true };
  }

  @Mutation(() => SendTestEventPayload, {
    description:
      'Sends the event `WEBHOOK_TEST` to one webhook, whatever events it receives. Requires `webhooks:write`. Errors: `NOT_FOUND`, `CONFLICT` while the webhook is disabled.',
  })
  async sendTestEvent(
    @Arg('input', () => SendTestEventInput, { description: 'The webhook.' }) input: SendTestEventInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<SendTestEventPayload> {
    return { delivery: await sendTestEvent(unit, caller, input.webhookId) };
  }

  @Mutation(() => RedeliverPayload, {
    description:
      'Sends the message of a delivery again, with the same `webhook-id`. Requires `webhooks:write`. Errors: `NOT_FOUND`, `CONFLICT` when its message was deleted (a week after the last attempt, and when the user was purged), while the webhook is disabled, and while an attempt is running.',
  })
  async redeliver(
    @Arg('input', () => RedeliverInput, { description: 'The delivery.' }) input: RedeliverInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<RedeliverPayload> {
    return { delivery: await redeliver(unit, caller, input.deliveryId) };
  }
}
