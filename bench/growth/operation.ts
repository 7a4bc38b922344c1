/** What the operations of the bench are made of: requests, and the check of each answer. */
import type { Answer, Conversation, Sent } from '../cost/load.ts';
import type { Tokens } from '../cost/users.ts';

export interface Operation extends Conversation {
  name: string;
  /** The most requests of one round. */
  requests: number;
}

export function operation(name: string, next: () => Sent, requests = 60): Operation {
  return { name, requests, next, check: assertData };
}

export function get(name: string, path: string, headers: Record<string, string>, status: number): Operation {
  const check = (answer: Answer) => {
    if (answer.status !== status) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
  };
  return { name, requests: 60, next: () => ({ method: 'GET', path, headers }), check };
}

export function graphql(query: string, variables: object, tokens?: Pick<Tokens, 'accessToken'>): Sent {
  return { method: 'POST', path: '/graphql', headers: tokens ? bearer(tokens) : {}, body: { query, variables } };
}

export function bearer({ accessToken }: Pick<Tokens, 'accessToken'>): Record<string, string> {
  return { authorization: `Bearer ${accessToken}` };
}

export function assertData({ text }: Answer): void {
  if (text.includes('"errors"')) throw new Error(`the gateway answered ${text}`);
}

export function assertContains(text: string, part: string): void {
  if (!text.includes(part)) throw new Error(`the gateway answered ${text}`);
}

export const ago = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1000).toISOString();
