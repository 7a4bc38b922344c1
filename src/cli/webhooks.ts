/** `postern webhooks …`: shows what webhooks did not receive. */
import { findDeliveries, listWebhooks } from '../domain/webhooks/deliveries.ts';
import { withMigratedApp } from './connect.ts';
import type { Terminal } from './terminal.ts';

const maxLines = 100;

export async function showDeliveries(terminal: Terminal, { failed }: { failed: boolean }): Promise<void> {
  await withMigratedApp(terminal, async ({ app }) => {
    const unit = app.dependencies();
    const urls = new Map((await listWebhooks(unit)).map(({ id, url }) => [id, url]));
    const deliveries = await findDeliveries(unit, { failed, limit: maxLines });
    for (const { webhookId, delivery } of deliveries) {
      const { id, event, status, attempt, responseStatus, responseExcerpt, createdAt } = delivery;
      const answer =
        responseStatus === null ? oneLine(responseExcerpt) : `HTTP ${responseStatus} ${oneLine(responseExcerpt)}`;
      terminal.out(
        [createdAt.toISOString(), id, status, `attempt ${attempt}`, event, urls.get(webhookId), answer]
          .join('  ')
          .trimEnd(),
      );
    }
    if (deliveries.length === 0) terminal.out(failed ? 'No delivery failed.' : 'There are no deliveries.');
    if (deliveries.length === maxLines) terminal.error(`postern: Only the newest ${maxLines} deliveries are shown.`);
  });
}

/** The other system wrote it: a terminal must not act on it. */
function oneLine(text: string | null): string {
  const visible = (text ?? '').replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return visible.length > 80 ? `${visible.slice(0, 80)}…` : visible;
}
