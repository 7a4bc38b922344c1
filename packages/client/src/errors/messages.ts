/** Turns errors into texts for the users of an app. Accepts the client's own errors and those of Apollo Client and urql. */
import { type ErrorReason, type PosternErrorCode, posternErrorIn } from './postern-error.ts';

/** The texts of one language: `englishErrors`, `germanErrors`, or an object of your own. */
export interface ErrorMessages {
  /** `{wait}` stands for the time to wait. */
  codes: Readonly<Record<PosternErrorCode, string>>;
  /** Texts that fit better than that of the code, by the reason of the error. */
  reasons?: Readonly<Partial<Record<ErrorReason, string>>>;
  /** The problems of fields. A problem without a text here has the gateway's own, in English. */
  fields: Readonly<Record<string, string>>;
  second: readonly [one: string, many: string];
  minute: readonly [one: string, many: string];
}

/** Of the gateway. The hook of an operator replaces it by words for the user. */
const policyMessage = 'The policy of this service does not allow this.';

/** `messageFor` with the texts of one language, so that the others are not in your bundle. */
export function errorMessage(error: unknown, messages: ErrorMessages, passedSeconds = 0): string {
  const { code = 'INTERNAL_SERVER_ERROR', reason, retryAfter, message } = posternErrorIn(error) ?? {};
  if (code === 'REFUSED_BY_POLICY' && message && message !== policyMessage) return message;
  const seconds = Math.max(1, (retryAfter ?? 1) - passedSeconds);
  // A newer gateway may answer codes that this client does not know.
  const ofReason = reason ? messages.reasons?.[reason] : undefined;
  const text = ofReason ?? textIn(messages.codes, code) ?? messages.codes.INTERNAL_SERVER_ERROR;
  return text.replace('{wait}', waitText(seconds, messages));
}

/** `fieldErrors` with the texts of one language, so that the others are not in your bundle. */
export function fieldMessages(error: unknown, messages: ErrorMessages): Record<string, string[]> {
  const byField = new Map<string, string[]>();
  for (const { path, code, message } of posternErrorIn(error)?.fields ?? []) {
    const name = path.replace(/^input\./, '');
    byField.set(name, [...(byField.get(name) ?? []), textIn(messages.fields, code) ?? message]);
  }
  return Object.fromEntries(byField);
}

function textIn(texts: Readonly<Record<string, string>>, code: string): string | undefined {
  return Object.hasOwn(texts, code) ? texts[code] : undefined;
}

function waitText(seconds: number, { second, minute }: ErrorMessages): string {
  const [count, [one, many]] = seconds < 60 ? [seconds, second] : [Math.ceil(seconds / 60), minute];
  return `${count} ${count === 1 ? one : many}`;
}
