/** Creates, changes and deletes webhooks, and rotates their secrets. */
import { type EntityManager, LockMode } from '../../persistence/entity-manager.ts';
import { serialiseBy } from '../../persistence/named-locks.ts';
import { abandonWaiting } from '../../persistence/webhooks/deliveries.ts';
import { Webhook } from '../../persistence/webhooks/webhook.ts';
import type { AuditEvent } from '../audit/actions.ts';
import { type Caller, isRecent, viewerOf } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { Refusal } from '../errors.ts';
import type { EventType } from '../events/catalogue.ts';
import { isId, newId } from '../ids.ts';
import { type Transaction, transact, type Unit } from '../transaction.ts';
import type { WebhookDeps } from './deps.ts';
import { disable } from './disable.ts';
import { makeSecret } from './secrets.ts';
import { checkedChoices, type WebhookChoices } from './webhook-input.ts';
import { hostOf, type WebhookView, webhookView } from './webhook-view.ts';

const maxWebhooks = 20;
const day = 24 * 60 * 60;
const defaultOverlapSeconds = day;
const maxOverlapSeconds = 7 * day;

export interface WebhookWithSecret {
  webhook: WebhookView;
  /** `whsec_…`: shown once. */
  secret: string;
}

export interface WebhookRequest extends Omit<WebhookChoices, 'enabled'> {
  url: string;
  events: readonly EventType[];
}

/** @throws Refusal BAD_USER_INPUT, CONFLICT when there are 20 webhooks */
export function createWebhook(deps: WebhookDeps, caller: Caller, request: WebhookRequest): Promise<WebhookWithSecret> {
  const { url = request.url, events = [], description = null, includeProfile = false } = checked(deps, request);
  return transact<WebhookWithSecret>(deps, caller, async ({ tx, now, audit }) => {
    await serialiseBy(tx, 'webhooks');
    if ((await tx.count(Webhook)) >= maxWebhooks) return conflict('there are 20 webhooks');
    const id = newId(now);
    const secret = makeSecret(deps.sealer, id);
    const createdBy = caller.viewer?.id ?? null;
    const webhook = tx.create(Webhook, {
      ...{ id, url, events, description, includeProfile, createdBy },
      secretSealed: secret.sealed,
      enabled: true,
      enabledAt: now,
      createdAt: now,
    });
    tx.persist(webhook);
    audit({ action: 'webhook.created', ...about(webhook), details: subjectOf(webhook) });
    return { webhook: webhookView(webhook), secret: secret.text };
  });
}

/** @throws Refusal NOT_FOUND, BAD_USER_INPUT, REAUTHENTICATION_REQUIRED for another address and for profiles */
export function updateWebhook(
  deps: WebhookDeps,
  caller: Caller,
  { id, ...request }: WebhookChoices & { id: string },
): Promise<WebhookView> {
  const { enabled, ...changes } = checked(deps, request);
  const leadsElsewhere = changes.url !== undefined || changes.includeProfile !== undefined;
  if (leadsElsewhere && !isRecent(viewerOf(caller).standing)) throw new Refusal('REAUTHENTICATION_REQUIRED');
  return change(deps, caller, id, async (webhook, transaction) => {
    const isEnabled = enabled === true && !webhook.enabled;
    const fields = [...Object.keys(changes), ...(isEnabled ? ['enabled'] : [])];
    Object.assign(webhook, changes, isEnabled ? enabledFrom(transaction.now) : {});
    if (fields.length > 0)
      transaction.audit({ action: 'webhook.updated', ...about(webhook), details: { ...subjectOf(webhook), fields } });
    if (enabled === false && webhook.enabled) await disable(transaction, webhook, 'administrator');
    return webhookView(webhook);
  });
}

function enabledFrom(now: Date) {
  return { enabled: true, enabledAt: now, disabledReason: null, failingSince: null };
}

/**
 * Gives the webhook another secret. Both sign until the overlap ends.
 * @param overlapSeconds null: a day
 * @throws Refusal NOT_FOUND, CONFLICT while an earlier rotation lasts, BAD_USER_INPUT
 */
export function rotateWebhookSecret(
  deps: WebhookDeps,
  caller: Caller,
  { id, overlapSeconds }: { id: string; overlapSeconds: number | null },
): Promise<WebhookWithSecret> {
  const overlap = overlapSeconds ?? defaultOverlapSeconds;
  if (overlap < 0 || overlap > maxOverlapSeconds) {
    const message = `Enter a number from 0 to ${maxOverlapSeconds}.`;
    throw new Refusal('BAD_USER_INPUT', { fields: [{ path: 'input.overlap', code: 'OUT_OF_RANGE', message }] });
  }
  return change(deps, caller, id, async (webhook, { now, audit }) => {
    if (webhook.rotatingUntil && webhook.rotatingUntil > now) return conflict('already rotating');
    const secret = makeSecret(deps.sealer, id);
    const until = secondsAfter(now, overlap);
    const former = overlap > 0 ? { formerSecretSealed: webhook.secretSealed, rotatingUntil: until } : {};
    Object.assign(webhook, {
      ...{ formerSecretSealed: null, rotatingUntil: null, ...former },
      secretSealed: secret.sealed,
    });
    const details = { host: hostOf(webhook), overlapUntil: until.toISOString() };
    audit({ action: 'webhook.secret_rotated', ...about(webhook), details });
    return { webhook: webhookView(webhook), secret: secret.text };
  });
}

/** Clean-up deletes its deliveries, which are reached by the webhook only. @throws Refusal NOT_FOUND */
export function deleteWebhook(unit: Unit, caller: Caller, id: string): Promise<void> {
  return change<void>(unit, caller, id, async (webhook, { tx, now, audit }) => {
    await abandonWaiting(tx, webhook.id, now);
    tx.remove(webhook);
    audit({ action: 'webhook.deleted', ...about(webhook), details: subjectOf(webhook) });
  });
}

/** Runs the work under the lock of the webhook. */
export function change<Result>(
  unit: Unit,
  caller: Caller,
  id: string,
  work: (webhook: Webhook, transaction: Transaction) => Promise<Result | Refusal>,
): Promise<Result> {
  return transact<Result>(unit, caller, async (transaction) => {
    const webhook = isId(id) ? await lockWebhook(transaction.tx, id) : null;
    return webhook ? work(webhook, transaction) : new Refusal('NOT_FOUND');
  });
}

export function lockWebhook(tx: EntityManager, id: string): Promise<Webhook | null> {
  return tx.findOne(Webhook, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

export function conflict(detail: string): Refusal {
  return new Refusal('CONFLICT', { detail });
}

function checked({ outbound }: WebhookDeps, choices: WebhookChoices) {
  return checkedChoices(outbound, choices);
}

function about({ id }: Webhook): Pick<AuditEvent, 'target'> {
  return { target: { type: 'webhook', id } };
}

function subjectOf(webhook: Webhook): { events: string[]; host: string } {
  return { events: [...webhook.events], host: hostOf(webhook) };
}
