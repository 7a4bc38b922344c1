/** Checks what an administrator chooses about a webhook: address, events and description. */
import type { Outbound } from '../../outbound/outbound.ts';
import { type FieldProblem, Refusal } from '../errors.ts';
import { type EventType, eventTypes } from '../events/catalogue.ts';
import { displayNameProblems, normaliseDisplayName } from '../text/display-name.ts';

/** Absent and null members keep their value, or have none. */
export interface WebhookChoices {
  url?: string | null | undefined;
  events?: readonly EventType[] | null | undefined;
  description?: string | null | undefined;
  includeProfile?: boolean | null | undefined;
  enabled?: boolean | null | undefined;
}

export interface CheckedChoices {
  url?: string;
  events?: EventType[];
  description?: string | null;
  includeProfile?: boolean;
  enabled?: boolean;
}

const maxUrlLength = 2048;

/** @throws Refusal BAD_USER_INPUT with every problem */
export function checkedChoices(outbound: Pick<Outbound, 'problem'>, choices: WebhookChoices): CheckedChoices {
  const { url, events, includeProfile, enabled } = choices;
  const description = choices.description == null ? undefined : normaliseDisplayName(choices.description);
  const fields = [
    ...(url == null ? [] : urlProblems(outbound, url)),
    ...(events?.length === 0 ? [problem('events', 'REQUIRED', 'Choose at least one event.')] : []),
    ...(description === undefined ? [] : displayNameProblems(description, 'input.description')),
  ];
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return {
    ...(url != null && { url }),
    ...(events && { events: eventTypes.filter((type) => events.includes(type)) }),
    ...(description !== undefined && { description }),
    ...(includeProfile != null && { includeProfile }),
    ...(enabled != null && { enabled }),
  };
}

/** A name is resolved at the delivery only: the creation does not tell whether a host of the own network exists. */
function urlProblems(outbound: Pick<Outbound, 'problem'>, url: string): FieldProblem[] {
  if (url.length > maxUrlLength) return [problem('url', 'TOO_LONG', `Enter at most ${maxUrlLength} characters.`)];
  const found = outbound.problem(url);
  return found === null ? [] : [problem('url', 'INVALID', `The gateway may not call it: ${found}.`)];
}

function problem(field: string, code: string, message: string): FieldProblem {
  return { path: `input.${field}`, code, message };
}
