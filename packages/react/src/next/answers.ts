/** Removes the tokens from an answer of the gateway, so that no script of the page can read them. */

/** Any access token: a document may give its field another name. */
const accessTokenPattern = /eyJ[\w-]+\.[\w-]+\.[\w-]+/g;
const bearerPattern = /"(?:refreshToken|deviceToken)":\s*"/;

export interface Cleaned {
  text: string;
  /** The newest one of the answer; null: it has none. */
  accessToken: string | null;
}

/** @returns with a name in place of each access token, which differs from one token to the next as the client expects */
export async function withoutTokens(text: string): Promise<Cleaned> {
  const tokens = text.match(accessTokenPattern) ?? [];
  let cleaned = text;
  for (const token of tokens) cleaned = cleaned.replaceAll(token, await placeholderOf(token));
  return { text: cleaned, accessToken: tokens.at(-1) ?? null };
}

/** Whether an answer delivers the tokens of a session in its body, which only a request with `delivery: BEARER` asks for. */
export function deliversTokens(text: string): boolean {
  return bearerPattern.test(text) || text.search(accessTokenPattern) >= 0;
}

async function placeholderOf(token: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token));
  const hex = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `kept-by-the-server-${hex.slice(0, 16)}`;
}
