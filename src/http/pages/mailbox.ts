/** `/dev/mailbox`: the mails of a development gateway, as their recipients see them. Never served in production. */
import type { FastifyInstance } from 'fastify';
import { wantsHtml } from './landing.ts';
import { onlyForOwnHosts } from './local-pages.ts';
import { createPage, escapeHtml, type Page, sendPage } from './page.ts';

export interface MailboxReader {
  /** Newest first. */
  list(): Promise<MailboxMail[]>;
}

export interface MailboxMail {
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** ISO 8601. */
  sentAt: string;
}

export function registerMailbox(server: FastifyInstance, mailbox: MailboxReader, publicUrl: string): void {
  const onRequest = onlyForOwnHosts(publicUrl);
  server.get<{ Querystring: { mail?: string } }>('/dev/mailbox', { onRequest }, async (request, reply) => {
    const mails = await mailbox.list();
    if (wantsHtml(request)) return sendPage(reply, createMailboxPage(mails, request.query.mail));
    if (request.headers.accept?.includes('application/json')) return reply.send({ mails });
    return reply.type('text/plain; charset=utf-8').send(mails.map(asText).join('\n') || 'No mail yet.\n');
  });
}

function asText({ to, subject, text, sentAt }: MailboxMail): string {
  return `To: ${to}\nSubject: ${subject}\nDate: ${sentAt}\n\n${text}`;
}

const style = `
body { margin: 0 auto; max-width: 1040px; }
.mails { align-items: start; display: grid; gap: 16px; grid-template-columns: 320px minmax(0, 1fr); margin-bottom: 32px; }
@media (max-width: 860px) { .mails { grid-template-columns: minmax(0, 1fr); } }
nav, article { background: var(--surface); border: 1px solid var(--border); border-radius: 12px; overflow: hidden; }
nav { max-height: 80vh; overflow-y: auto; } @media (max-width: 860px) { nav { max-height: 30vh; } }
nav ol { list-style: none; margin: 0; padding: 0; } nav li + li { border-top: 1px solid var(--border); }
nav a { color: inherit; display: block; padding: 12px 16px; text-decoration: none; } nav a:hover, nav a[aria-current] { background: var(--sunken); }
nav a:focus-visible { outline-offset: -2px; } nav strong { display: block; font-weight: 550; }
small { color: var(--text-2); font-size: 14px; overflow-wrap: anywhere; }
article header { border-bottom: 1px solid var(--border); overflow-wrap: anywhere; padding: 12px 16px; } h2 { font-size: 18px; line-height: 24px; margin: 0; }
iframe { border: 0; color-scheme: light; display: block; height: 0; width: 100%; }
details { border-top: 1px solid var(--border); padding: 12px 16px; } summary { cursor: pointer; } pre { margin: 8px 0 0; white-space: pre-wrap; word-break: break-all; }
`;

/**
 * The frame of a mail can run no script. It may be measured (`allow-same-origin`) and open its links in a new tab
 * (`allow-popups`): inside the frame the policy forbids the pages that they lead to.
 */
const frameSandbox = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox';

/** Mails have inline styles, and a frame inherits the policy of its page. A logo is the only resource that a mail loads. */
const policy = { 'style-src': "'unsafe-inline'", 'img-src': 'https: data:', 'frame-src': "'self'" };

const pollMs = 2000;

/** Fits the frame to its mail, and shows a new mail when the reader has not chosen an older one. */
const script = `
const frame = document.querySelector('iframe');
const fit = () => {
  const mail = frame.contentDocument.documentElement;
  if (mail) frame.style.height = mail.scrollHeight + 'px';
};
if (frame) {
  frame.addEventListener('load', fit);
  addEventListener('resize', fit);
  fit();
}
const newest = document.body.querySelector('nav').dataset.newest;
setInterval(async () => {
  const answer = await fetch(location.pathname, { headers: { Accept: 'application/json' } }).catch(() => null);
  const mails = answer && answer.ok ? (await answer.json()).mails : [];
  if (mails.length > 0 && mails[0].id !== newest) location.reload();
}, ${pollMs});
`;

/** @param chosenId the mail to open; the newest one when there is no mail of this id */
function createMailboxPage(mails: readonly MailboxMail[], chosenId: string | undefined): Page {
  const open = mails.find(({ id }) => id === chosenId) ?? mails[0];
  const items = mails.map((mail) => listItem(mail, mail === open));
  const list = items.length > 0 ? `<ol>${items.join('')}</ol>` : '';
  return createPage({
    title: 'Development mailbox',
    style,
    script,
    policy,
    body: `<h1>Development mailbox</h1>
<p>Mails that Postern would have sent. Set SMTP_URL to send them. New mails appear by themselves.</p>
<main class="mails"><nav aria-label="Mails" data-newest="${escapeHtml(mails[0]?.id ?? '')}">${list}</nav>
${open ? article(open) : '<p>No mail yet. Register an account.</p>'}</main>`,
  });
}

function listItem({ id, to, subject, sentAt }: MailboxMail, isOpen: boolean): string {
  const current = isOpen ? ' aria-current="page"' : '';
  return `<li><a href="?mail=${encodeURIComponent(id)}"${current}><strong>${escapeHtml(subject)}</strong><small>${escapeHtml(to)}<br>${timeOf(sentAt)}</small></a></li>`;
}

function article({ to, subject, text, html, sentAt }: MailboxMail): string {
  const document = html.replace('<head>', '<head><base target="_blank">');
  return `<article>
<header><h2>${escapeHtml(subject)}</h2><small>To ${escapeHtml(to)}, ${timeOf(sentAt)}</small></header>
<iframe sandbox="${frameSandbox}" title="${escapeHtml(subject)}" srcdoc="${escapeHtml(document)}"></iframe>
<details><summary>Plain text</summary><pre>${escapeHtml(text)}</pre></details>
</article>`;
}

/** `2026-11-28 16:34 UTC` */
function timeOf(sentAt: string): string {
  return escapeHtml(`${sentAt.slice(0, 16).replace('T', ' ')} UTC`);
}
