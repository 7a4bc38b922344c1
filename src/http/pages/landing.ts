/** The page for people who open the gateway in a browser: what this is and where to go. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApplicationName } from './built/settings.ts';
import { createCard, escapeHtml, type Page, sendPage } from './page.ts';

export interface Landing {
  /** The applications that are served. */
  pages: readonly ApplicationName[];
  sandbox: boolean;
  mailbox: boolean;
}

interface Entry {
  name: string;
  text: string;
  /** Relative to the page; null: there is nothing to open. */
  path: string | null;
}

const applications: Readonly<Record<ApplicationName, Entry>> = {
  account: { name: 'Account', text: 'Sign in, register, and manage your own account.', path: 'account' },
  console: { name: 'Console', text: 'Administration: users, roles, audit trail, settings.', path: 'console' },
};
const sandboxEntry: Entry = {
  name: 'Sandbox',
  text: 'Apollo Sandbox, with the first operations prepared.',
  path: 'graphql',
};
const graphiql: Entry = { name: 'GraphiQL', text: 'The Sandbox without internet access.', path: 'graphql/console' };
const sandboxOff: Entry = { name: 'Sandbox', text: 'Disabled. Set SANDBOX=true to enable it at /graphql.', path: null };
const mails: Entry = { name: 'Mailbox', text: 'The mails of this development server.', path: 'dev/mailbox' };
const always: readonly Entry[] = [
  { name: 'Signing keys', text: 'The public keys that verify access tokens.', path: '.well-known/jwks.json' },
  { name: 'Readiness', text: 'The state of each dependency.', path: 'readyz' },
];

const style =
  'ul { list-style: none; margin: 0; padding: 0; } li { border-top: 1px solid var(--border); padding: 12px 0; } small { color: var(--text-2); display: block; }';

export function registerLanding(server: FastifyInstance, landing: Landing): void {
  const page = createLandingPage(landing);
  server.get('/', (request, reply) => (wantsHtml(request) ? sendPage(reply, page) : reply.callNotFound()));
}

export function wantsHtml(request: FastifyRequest): boolean {
  return request.headers.accept?.includes('text/html') === true;
}

export function createLandingPage({ pages, sandbox, mailbox }: Landing): Page {
  const entries = [
    ...pages.map((name) => applications[name]),
    ...(sandbox ? [sandboxEntry, graphiql] : [sandboxOff]),
    ...(mailbox ? [mails] : []),
    ...always,
  ];
  return createCard({
    title: 'Authentication gateway',
    style,
    body: `<h1>Authentication gateway</h1>
<p>This is a GraphQL API. Clients send operations to <code>POST /graphql</code>.</p>
<ul>${entries.map(asItem).join('')}</ul>`,
  });
}

function asItem({ name, text, path }: Entry): string {
  const title = path === null ? name : `<a href="${path}">${name}</a>`;
  return `<li>${title}<small>${escapeHtml(text)}</small></li>`;
}
