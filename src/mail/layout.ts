/** The layout of every mail, as text and as HTML. Mail programs support tables and inline styles. */
import { readableOn } from './colour.ts';

export interface Branding {
  productName: string;
  appUrl: string;
  /** `#rrggbb`, of the button. */
  colour: string;
  /** Replaces the name; null: the name is shown. */
  logoUrl: string | null;
  /** The contact for help: an https: or mailto: address. */
  supportUrl: string | null;
}

export interface Letter {
  locale: string;
  subject: string;
  /** The first one stands above the code. */
  paragraphs: readonly string[];
  /** Digits that the reader types; null: none. */
  code: string | null;
  action: { label: string; link: string; copyLink: string } | null;
  help: string;
  reason: string;
}

export function asText(
  { paragraphs, code, action, help, reason }: Letter,
  { productName, appUrl, supportUrl }: Branding,
) {
  const signature = [
    `${productName} - ${appUrl}`,
    ...(supportUrl === null ? [] : [`${help} ${withoutScheme(supportUrl)}`]),
    reason,
  ];
  const [first = '', ...others] = paragraphs;
  const parts = [
    first,
    ...(code === null ? [] : [code]),
    ...others,
    ...(action ? [`${action.label}:\n${action.link}`] : []),
    `-- \n${signature.join('\n')}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

const muted = 'color:#5b6472;font-size:13px;line-height:1.5';

/** Where programs follow the reader's dark scheme. It is optional: programs that drop it show the light page. */
const darkScheme = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){.page{background:#11151b!important}.card{background:#1b2129!important;color:#e8ebf0!important}.muted,.muted a{color:#a3acb9!important}.rule{border-color:#323b47!important}.logo{background:#fff;border-radius:6px;padding:6px}}
@media (max-width:600px){.page{padding:0!important}.card{border-radius:0!important;padding:24px 20px!important}}`;

export function asPage(letter: Letter, branding: Branding): string {
  const { locale, subject, paragraphs, code, action } = letter;
  const [first = '', ...others] = paragraphs.map((text) => `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`);
  return `<!doctype html>
<html lang="${locale}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escapeHtml(subject)}</title>
<style>${darkScheme}</style></head>
<body class="page" style="background:#f3f5f8;margin:0;padding:0">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td class="page" align="center" style="background:#f3f5f8;padding:24px">
<table role="presentation" width="560" cellpadding="0" cellspacing="0" border="0" style="max-width:560px;width:100%"><tr><td class="card" style="background:#ffffff;border-radius:8px;color:#1c2430;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;overflow-wrap:anywhere;padding:32px;text-align:left">
<p class="muted" style="${muted};font-weight:600;margin:0 0 24px">${nameOrLogo(branding)}</p>
<h1 style="font-size:22px;line-height:1.3;margin:0 0 16px">${escapeHtml(subject)}</h1>
${[first, ...(code === null ? [] : [digits(code)]), ...others].join('\n')}
${action ? button(action, branding.colour) : ''}
${signature(letter, branding)}
</td></tr></table>
</td></tr></table>
</body></html>
`;
}

/** In one piece, so that a double click selects the whole code. */
function digits(code: string): string {
  return `<p style="font:600 28px/1.3 ui-monospace,Menlo,Consolas,monospace;letter-spacing:0.12em;margin:0 0 16px">${escapeHtml(code)}</p>`;
}

function nameOrLogo({ productName, logoUrl }: Branding): string {
  const name = escapeHtml(productName);
  if (logoUrl === null) return name;
  return `<img class="logo" src="${escapeHtml(logoUrl)}" alt="${name}" height="40" style="border:0;display:inline-block;height:40px;max-width:240px">`;
}

function button({ label, link, copyLink }: NonNullable<Letter['action']>, colour: string): string {
  const href = escapeHtml(link);
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:24px 0"><tr><td style="background:${colour};border-radius:6px"><a href="${href}" style="color:${readableOn(colour)};display:inline-block;font-weight:600;padding:12px 24px;text-decoration:none">${escapeHtml(label)}</a></td></tr></table>
<p class="muted" style="${muted};margin:0 0 16px">${escapeHtml(copyLink)}<br><span style="word-break:break-all">${href}</span></p>`;
}

function signature({ help, reason }: Letter, { productName, appUrl, supportUrl }: Branding): string {
  const lines = [
    `${escapeHtml(productName)} - ${anchor(appUrl)}`,
    ...(supportUrl === null ? [] : [`${escapeHtml(help)} ${anchor(supportUrl)}`]),
    escapeHtml(reason),
  ];
  return `<p class="muted rule" style="${muted};border-top:1px solid #e3e7ee;margin:32px 0 0;padding-top:16px">${lines.join('<br>')}</p>`;
}

function anchor(url: string): string {
  return `<a href="${escapeHtml(url)}" style="color:#5b6472">${escapeHtml(withoutScheme(url))}</a>`;
}

function withoutScheme(url: string): string {
  return url.replace(/^mailto:/, '');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
