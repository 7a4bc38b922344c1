/** The requests of a browser in cookie mode, built by hand: the cookies that it got, and the headers that it sends. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { goodPassword, sessionIn, type TestGateway } from '../gateway/gateway.ts';
import { FullLoginDocument, type SessionPartsFragment } from '../generated/graphql.ts';

export const refreshCookie = '__Host-postern_refresh';
export const deviceCookie = '__Host-postern_device';

export interface Cookie {
  name: string;
  value: string;
  /** The cookies as they were set, sorted. */
  attributes: string[];
}

export interface TabAnswer<Result> {
  data: Result | null;
  code: string | null;
  text: string;
  headers: Headers;
  cookies: Cookie[];
}

export async function askFrom<Result, Variables extends object>(
  gateway: TestGateway,
  document: TypedDocumentNode<Result, Variables>,
  variables: Variables,
  headers: Record<string, string> = {},
): Promise<TabAnswer<Result>> {
  const response = await gateway.post({ query: print(document), variables }, headers);
  const text = await response.text();
  const body: { data?: Result | null; errors?: { extensions: { code: string } }[] } = JSON.parse(text);
  return {
    data: body.data ?? null,
    code: body.errors?.[0]?.extensions.code ?? null,
    text,
    headers: response.headers,
    cookies: response.headers.getSetCookie().map(parseCookie),
  };
}

function parseCookie(line: string): Cookie {
  const [pair = '', ...attributes] = line.split('; ');
  const [name = '', ...value] = pair.split('=');
  return { name, value: decodeURIComponent(value.join('=')), attributes: attributes.sort() };
}

export interface Tab {
  id: string;
  accessToken: string;
  refreshToken: string;
  csrfToken: string;
}

export function tabOf(session: SessionPartsFragment, cookies: readonly Cookie[]): Tab {
  const cookie = cookies.find(({ name }) => name === refreshCookie);
  if (!cookie || !session.csrfToken) throw new Error('this is no answer of cookie mode');
  const { accessToken, csrfToken } = session;
  return { id: session.session.id, accessToken, refreshToken: cookie.value, csrfToken };
}

export const loginFrom = (gateway: TestGateway, email: string, headers: Record<string, string>) =>
  askFrom(gateway, FullLoginDocument, { input: { email, password: goodPassword, delivery: 'COOKIE' } }, headers);

/** A second after the last one, so that the oldest of too many sessions is known. */
export async function openTabAt(gateway: TestGateway, email: string, origin: string): Promise<Tab> {
  gateway.clock.travel(1);
  const { data, cookies, text } = await loginFrom(gateway, email, { origin });
  if (!data) throw new Error(text);
  return tabOf(sessionIn(data.login), cookies);
}

export const cookieOf = ({ refreshToken }: Tab) => ({ cookie: `${refreshCookie}=${refreshToken}` });

/** The row of a session in the database. */
export async function familyState(gateway: TestGateway, { id }: { id: string }) {
  const [row] = await gateway.database.query<{ generation: number; reason: string | null }>(
    'select generation, revoked_reason as reason from token_families where id = $1',
    [id],
  );
  return row;
}
