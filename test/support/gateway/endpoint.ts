/** The HTTP endpoint of a gateway that runs in its own process. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { GraphQLClient } from 'graphql-request';
import { FullLoginDocument, FullViewerDocument, RegisterDocument, VerifyEmailDocument } from '../generated/graphql.ts';
import { until } from '../races/until.ts';
import { bearer, goodPassword, type SignedIn, withRefreshToken } from './gateway.ts';

export interface Endpoint {
  url: string;
  /** @throws ClientError */
  send<Result, Variables extends object>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
    accessToken?: string,
  ): Promise<Result>;
  /** The body of a GET response. */
  read(path: string, headers?: Record<string, string>): Promise<string>;
}

export function endpointAt(port: number): Endpoint {
  const url = `http://127.0.0.1:${port}`;
  const client = new GraphQLClient(`${url}/graphql`);
  return {
    url,
    send: <Result>(document: TypedDocumentNode<Result, never>, variables: object, accessToken?: string) =>
      client.request<Result>(print(document), { ...variables }, accessToken ? bearer(accessToken) : {}),
    read: async (path, headers = {}) => (await fetch(`${url}${path}`, { headers })).text(),
  };
}

export async function signInAt(door: Endpoint, email: string, password = goodPassword): Promise<SignedIn> {
  const { login } = await door.send(FullLoginDocument, { input: { email, password } });
  return withRefreshToken(login);
}

/** Registers and confirms an address with the link in the development mailbox. */
export async function registerAt(door: Endpoint, email: string): Promise<void> {
  await door.send(RegisterDocument, { input: { email, password: goodPassword } });
  const token = await until(`a mail to ${email} in the mailbox`, async () =>
    mailedToken(await door.read('/dev/mailbox'), email),
  );
  await door.send(VerifyEmailDocument, { input: { token } });
}

function mailedToken(mailbox: string, email: string): string | undefined {
  const mail = mailbox.split(/^To: /m).find((text) => text.startsWith(`${email}\n`));
  return /#token=([\w-]+)/.exec(mail ?? '')?.[1];
}

export async function viewerAt(door: Endpoint, accessToken: string) {
  return (await door.send(FullViewerDocument, {}, accessToken)).viewer;
}
