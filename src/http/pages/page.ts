/** The frame of the gateway's small HTML pages: one style, one optional script, and a policy that allows nothing else. */
import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';

export interface Page {
  html: string;
  contentSecurityPolicy: string;
}

export interface PageParts {
  title: string;
  /** HTML. Values in it are escaped by `escapeHtml`. */
  body: string;
  /** CSS in addition to the common style. */
  style?: string;
  script?: string;
  /** Directives of the Content-Security-Policy that differ from the common ones. */
  policy?: Readonly<Record<string, string>>;
}

/** Colours and shapes of the interface design, in light and dark. */
const commonStyle = `
:root { color-scheme: light dark; --bg: #f6f5f2; --surface: #fff; --sunken: #f1f0ec; --border: #e3e1db; --control: #8a8880;
  --text: #1c1b19; --text-2: #55534d; --accent: #1f4b99; --accent-text: #1f4b99; --on-accent: #fff; --danger: #b0251d; --ok: #19663a; }
@media (prefers-color-scheme: dark) { :root { --bg: #111110; --surface: #191917; --sunken: #21211e; --border: #2f2f2b; --control: #77756d;
  --text: #eeede9; --text-2: #b5b3ac; --accent: #3b6cce; --accent-text: #93b5f8; --on-accent: #fff; --danger: #ff938b; --ok: #82d29d; } }
* { box-sizing: border-box; }
body { background: var(--bg); color: var(--text); font: 16px/24px Geist, system-ui, sans-serif; margin: 0; padding: 0 12px; }
.brand { align-items: center; display: flex; font-weight: 600; gap: 9px; height: 72px; letter-spacing: -0.015em; }
.brand svg { height: 24px; width: 24px; }
h1 { font-size: 24px; letter-spacing: -0.022em; line-height: 32px; margin: 0 0 12px; }
p { margin: 0 0 16px; overflow-wrap: anywhere; } a { color: var(--accent-text); }
:focus-visible { outline: 2px solid var(--accent-text); outline-offset: 2px; }
code, pre { font-family: 'Geist Mono', ui-monospace, monospace; font-size: 14px; }
`;

const cardStyle = `
body { margin: 0 auto; max-width: 432px; } main { background: var(--surface); border: 1px solid var(--border); border-radius: 16px; padding: 32px; }
`;

const logo =
  '<svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true"><path d="M4.5 2H13v5H2V4.5A2.5 2.5 0 0 1 4.5 2ZM15 2h4.5A2.5 2.5 0 0 1 22 4.5V7h-7ZM2 9h5v5H2ZM9 9h13v10.5a2.5 2.5 0 0 1-2.5 2.5H19v-6.5a3.5 3.5 0 0 0-7 0V22H9ZM2 16h5v6H4.5A2.5 2.5 0 0 1 2 19.5Z"/></svg>';

export function createPage({ title, body, style = '', script, policy = {} }: PageParts): Page {
  const css = commonStyle + style;
  return {
    html: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)} · Postern</title><link rel="icon" href="data:,"><style>${css}</style></head>
<body>
<header class="brand">${logo} Postern</header>
${body}
${script === undefined ? '' : `<script>${script}</script>`}
</body>
</html>
`,
    contentSecurityPolicy: policyText({ ...policyFor(css, script), ...policy }),
  };
}

/** A page of one centred card. */
export function createCard(parts: PageParts): Page {
  return createPage({ ...parts, body: `<main>${parts.body}</main>`, style: cardStyle + (parts.style ?? '') });
}

export function sendPage(reply: FastifyReply, { html, contentSecurityPolicy }: Page): FastifyReply {
  return reply.type('text/html; charset=utf-8').header('content-security-policy', contentSecurityPolicy).send(html);
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function policyFor(css: string, script: string | undefined): Record<string, string> {
  return {
    'default-src': "'none'",
    'style-src': hashOf(css),
    'img-src': 'data:',
    ...(script !== undefined && { 'script-src': hashOf(script), 'connect-src': "'self'" }),
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  };
}

function policyText(directives: Readonly<Record<string, string>>): string {
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
