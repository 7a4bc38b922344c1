/** `/dev/mailbox`: the mails of a development gateway, as a person would see them. Never there in production. */
import type { FastifyInstance } from 'fastify';

export interface MailboxReader {
  /** Newest first. */
  list(): Promise<{ id: string; to: string; subject: string; text: string; html: string; sentAt: string }[]>;
}

type MailboxMail = Awaited<ReturnType<MailboxReader['list']>>[number];

const style = `
body { background: #f3f5f8; color: #1c2430; font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 720px; padding: 32px 16px; }
article { background: #fff; border: 1px solid #dde2ea; border-radius: 8px; margin: 24px 0; overflow: hidden; }
header { border-bottom: 1px solid #dde2ea; padding: 16px; }
h1 { font-size: 22px; } h2 { font-size: 16px; margin: 0; }
p { margin: 4px 0; } small { color: #5b6472; }
iframe { border: 0; display: block; height: 420px; width: 100%; }
pre { background: #f3f5f8; margin: 0; overflow: auto; padding: 16px; white-space: pre-wrap; word-break: break-all; }
`;

/** Mails style themselves inline, and the frames that show them inherit this policy. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

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
${mutation ? `<pre>${escapeHtml(mutation)}</pre>` : ''}
</article>`;
}

/** The links of mails lead to the frontend, which a newcomer does not have yet: so show what it would send. */
function mutationFor(text: string): string | null {
  const token = /\/verify-email#token=([\w-]+)/.exec(text)?.[1];
  return token ? `mutation { verifyEmail(input: { token: "${token}" }) { verified } }` : null;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
