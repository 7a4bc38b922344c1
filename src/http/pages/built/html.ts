/** Completes the built HTML with what only the running gateway knows: its address, its name, its theme and its logo. */
import { escapeHtml } from '../page.ts';
import type { PagesSettings } from './settings.ts';

export interface HtmlParts {
  /** The path of PUBLIC_URL, without a slash at its end. */
  base: string;
  /** The path of the application for browsers: `/account/` below `base`. */
  start: string;
  /** The file names of the theme and of the logo below `assets/`. */
  theme: string | null;
  logo: string | null;
  settings: PagesSettings;
}

export function completeHtml(html: string, { base, start, theme, logo, settings }: HtmlParts): string {
  const { productName, supportUrl, served, returnUrls } = settings;
  // The application reads it: packages/pages/gateway.ts.
  const content = JSON.stringify({
    productName,
    supportUrl,
    logo: logo === null ? null : `${start}assets/${logo}`,
    served,
    base,
    returnUrls: returnUrls.filter((url) => /^https?:/.test(url)),
  });
  const stylesheet = theme === null ? '' : `<link rel="stylesheet" href="${start}assets/${theme}">\n`;
  const meta = `<meta name="postern" content="${escapeHtml(content)}">\n`;
  return html
    .replaceAll('"./assets/', () => `"${start}assets/`)
    .replace(/<title>.*<\/title>/, () => `<title>${escapeHtml(productName)}</title>`)
    .replace('</head>', () => `${meta}${stylesheet}</head>`);
}
