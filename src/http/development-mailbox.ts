/** `/dev/mailbox`: the mails of a development gateway, as a person would see them. Never there in production. */
import type { FastifyInstance } from 'fastify';

export interface MailboxReader {
  /** Newest first. */
  list(): Promise<{ id: string; to: string; subject: string; text: string; html: string; sentAt: string }[]>;
}

type MailboxMail = Awaited<ReturnType<MailboxReader['list']>>[number];

const style = `
:root { color-scheme: light dark; --page: #f3f5f8; --card: #fff; --text: #1c2430; --muted: #5b6472; --line: #dde2ea; }
@media (prefers-color-scheme: dark) { :root { --page: #11151b; --card: #1b2129; --text: #e8ebf0; --muted: #a3acb9; --line: #323b47; } }
body { background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 720px; padding: 32px 16px; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 8px; margin: 24px 0; overflow: hidden; }
header, details { border-bottom: 1px solid var(--line); overflow-wrap: anywhere; padding: 12px 16px; }
details:last-child { border-bottom: 0; }
h1 { font-size: 22px; } h2 { font-size: 16px; margin: 0; }
p { margin: 4px 0; } small, summary { color: var(--muted); font-size: 14px; } summary { cursor: pointer; }
iframe { border: 0; border-bottom: 1px solid var(--line); display: block; height: 600px; resize: vertical; width: 100%; }
pre { font-size: 13px; margin: 8px 0 0; white-space: pre-wrap; word-break: break-all; }
`;

/** Mails style themselves inline, and the frames that show them inherit this policy; a logo is the one thing they load. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src https:; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

export function registerDevelopmentMailbox(server: FastifyInstance, mailbox: MailboxReader): void {
  server.get('/dev/mailbox', async (request, reply) => {
    const mails = await mailbox.list();
    if (request.headers.accept?.includes('text/html')) {
      return reply.type('text/html; charset=utf-8').header('content-security-policy', policy).send(page(mails));
    }
    if (request.headers.accept?.includes('application/json')) return reply.send({ mails });
    return reply.type('text/plain; charset=utf-8').send(mails.map(asText).join('\n') || 'No mail yet.\n');
  });
}

function asText({ to, subject, text, sentAt }: MailboxMail): string {
  return `To: ${to}\nSubject: ${subject}\nDate: ${sentAt}\n\n${text}`;
}

function page(mails: readonly MailboxMail[]): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Postern - development mailbox</title><style>${style}</style></head>
<body>
<h1>Development mailbox</h1>
<p>What Postern would have sent. Set SMTP_URL to send it. Newest first; reload to see more.</p>
${mails.map(article).join('\n') || '<p>No mail yet. Register somebody.</p>'}
</body>
</html>
`;
}

function article({ to, subject, text, html, sentAt }: MailboxMail): string {
  const mutation = mutationFor(text);
  return `<article>
<header><h2>${escapeHtml(subject)}</h2><small>To ${escapeHtml(to)}, ${escapeHtml(sentAt)}</small></header>
<iframe sandbox="" title="${escapeHtml(subject)}" srcdoc="${escapeHtml(html)}"></iframe>
${mutation ? `<details open><summary>What the frontend behind the link would send</summary><pre>${escapeHtml(mutation)}</pre></details>` : ''}
<details><summary>As plain text</summary><pre>${escapeHtml(text)}</pre></details>
</article>`;
}

/** By the path of the link: what the page there sends with its token. */
const mutations: Readonly<Record<string, (token: string) => string>> = {
  'verify-email': (token) => `mutation { verifyEmail(input: { token: "${token}" }) { verified } }`,
  'reset-password': resetPassword,
  'accept-invitation': resetPassword,
  'confirm-email': (token) => `mutation { confirmEmailChange(input: { token: "${token}" }) { viewer { email } } }`,
  'not-me': (token) => `mutation { disownSession(input: { token: "${token}" }) { revokedCount } }`,
};

function resetPassword(token: string): string {
  return `mutation { resetPassword(input: { token: "${token}", newPassword: "choose a new 1, Please" }) { reset } }`;
}

/** The links of mails lead to the frontend, which a newcomer does not have yet: so show what it would send. */
function mutationFor(text: string): string | null {
  const [, path = '', token = ''] = /\/([\w-]+)#token=([\w-]+)/.exec(text) ?? [];
  return mutations[path]?.(token) ?? null;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
