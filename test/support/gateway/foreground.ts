/** Separates the statements of requests from those of the background. */
import type { Statement } from '../proxies/statement-counter.ts';

/** Statements of the mail worker, of the webhook worker, of maintenance and of the start of a connection. */
const background =
  /update outbox_mails|from outbox_mails where state|audit_(seals|checkpoints|keys|anchors)|pg_(try_advisory|current_snapshot|control_system)|clock_timestamp|transaction_read_only|"signing_keys"|access_denials|dispatched_at|webhook_deliveries|from webhooks/i;

/**
 * @returns the texts by transaction, without those of the background, of new connections and of unfinished
 * transactions
 */
export function requestTexts(statements: readonly Statement[]): string[] {
  const units = Map.groupBy(statements, ({ unit }) => unit).values();
  return [...units]
    .map((unit) => unit.map(({ text }) => text))
    .filter((texts) => !texts.every((text) => /^begin/i.test(text)) && !texts.some((text) => background.test(text)))
    .flat();
}
