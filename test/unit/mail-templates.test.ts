/** Mails (mail/templates.ts): hostile text stays text, and a token travels in a link's fragment only. */
import { describe, expect, test } from 'vitest';
import type { Mail } from '../../src/mail/mail.ts';
import { escapeHtml, renderMail } from '../../src/mail/templates.ts';

const branding = { productName: 'Postern', appUrl: 'https://app.example.com' };
const token = 'pL4nted-T0ken_pL4nted-T0ken_pL4nted-T0ken_1';
const at = '2026-03-01T12:34:56.789Z';

const verification: Mail = {
  kind: 'verify_email',
  to: 'ada@example.com',
  variables: { token, requestedAt: at, ipAddress: '203.0.113.7' },
};

function reuse(deviceName: string | null, ipAddress: string | null = null): Mail {
  return {
    kind: 'token_reuse_detected',
    to: 'ada@example.com',
    variables: { detectedAt: at, ipAddress, deviceName },
  };
}

const mails: readonly Mail[] = [
  verification,
  { kind: 'already_registered', to: 'ada@example.com', variables: { requestedAt: at, ipAddress: null } },
  { kind: 'password_changed', to: 'ada@example.com', variables: { changedAt: at, ipAddress: '2001:db8::7' } },
  reuse('laptop'),
];

describe.each(mails.map((mail) => [mail.kind, mail] as const))('%s', (_kind, mail) => {
  test('has a subject of one line, a text and a page that carry the same link and name the service', () => {
    const { subject, text, html } = renderMail(mail, branding);
    expect(subject).toMatch(/^[A-Z][\w' -]+$/);
    expect(text).toContain('Postern - https://app.example.com');
    expect(html).toContain('Postern - https://app.example.com');
    expect(html).toContain(`<title>${escapeHtml(subject)}</title>`);
    expect(text.endsWith('\n')).toBe(true);
  });

  test('tells when it happened, in UTC', () => {
    const { text, html } = renderMail(mail, branding);
    expect(text).toContain('2026-03-01 at 12:34 UTC');
    expect(html).toContain('2026-03-01 at 12:34 UTC');
  });

  test('loads nothing from anywhere', () => {
    expect(renderMail(mail, branding).html).not.toMatch(/<(img|script|link|iframe|style)|@import|url\(|src=/i);
  });

  test('has no gaps where something was not known', () => {
    const { subject, text, html } = renderMail(mail, branding);
    for (const part of [subject, text, html]) expect(part).not.toMatch(/undefined|null|NaN|\[object/);
  });

  test('every link leads to the app', () => {
    const links = renderMail(mail, branding).html.match(/href="[^"]*"/g) ?? [];
    for (const link of links) expect(link).toMatch(/^href="https:\/\/app\.example\.com\//);
  });
});

describe('the link of a confirmation', () => {
  const link = `https://app.example.com/verify-email#token=${token}`;

  test('is built from the address of the app', () => {
    const { text, html } = renderMail(verification, branding);
    expect(text).toContain(`\n${link}\n`);
    expect(html).toContain(`href="${link}"`);
    expect(html).toContain(`>${link}<`);
  });

  test('follows the app into a folder', () => {
    const { text } = renderMail(verification, { ...branding, appUrl: 'https://example.com/app' });
    expect(text).toContain(`\nhttps://example.com/app/verify-email#token=${token}\n`);
  });

  test('carries the token in its fragment, and nothing else carries it', () => {
    const { subject, text, html } = renderMail(verification, branding);
    for (const part of [text, html]) {
      expect(part.split(token).length).toBeGreaterThan(1);
      expect(part.split(`#token=${token}`).length).toBe(part.split(token).length);
    }
    expect(subject).not.toContain(token);
  });

  test('has neither query nor anything of the person', () => {
    const url = new URL(link);
    expect(url.search).toBe('');
    expect(renderMail(verification, branding).text).not.toContain('ada@example.com');
  });

  test('an address of the app with special characters does not break out of the page', () => {
    const { html } = renderMail(verification, { ...branding, appUrl: 'https://example.com/"><script>' });
    expect(html).not.toContain('<script>');
    expect(html).toContain('https://example.com/&quot;&gt;&lt;script&gt;/verify-email#token=');
  });
});

describe('hostile names', () => {
  test.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
    ['"><a href="https://evil.example">', '&quot;&gt;&lt;a href=&quot;https://evil.example&quot;&gt;'],
    ["' onmouseover='x", '&#39; onmouseover=&#39;x'],
    ['</p></div></body>', '&lt;/p&gt;&lt;/div&gt;&lt;/body&gt;'],
    ['&lt;b&gt;', '&amp;lt;b&amp;gt;'],
  ])('the device %s is text in the page', (deviceName, escaped) => {
    const { html, text, subject } = renderMail(reuse(deviceName), branding);
    expect(html).toContain(`of &quot;${escaped}&quot;`);
    expect(html).not.toContain(deviceName);
    expect(text).toContain(`of "${deviceName}"`);
    expect(subject).not.toContain(deviceName);
  });

  test('no name opens or closes an element: the page has the tags of the page', () => {
    const tags = (html: string) => html.match(/<[^>]*>/g);
    const harmless = renderMail(reuse('laptop'), branding).html;
    const hostile = renderMail(reuse('</p><h1>Your account is lost</h1><p>'), branding).html;
    expect(tags(hostile)).toEqual(tags(harmless));
  });

  test('replacement patterns in a name stay as they are', () => {
    expect(renderMail(reuse("$& $1 $$ $'"), branding).text).toContain(`"$& $1 $$ $'"`);
  });

  test('an address from outside is text as well', () => {
    const { html } = renderMail(reuse(null, '<b>203.0.113.7</b>'), branding);
    expect(html).toContain('&lt;b&gt;203.0.113.7&lt;/b&gt;');
  });

  test('without a name there is no gap', () => {
    expect(renderMail(reuse(null), branding).text).toContain('an old sign-in token was used again');
  });
});

test.each([
  ['&<>"\'', '&amp;&lt;&gt;&quot;&#39;'],
  ['&amp;', '&amp;amp;'],
  ['Zoë 🦊', 'Zoë 🦊'],
  ['', ''],
])('escapeHtml turns %j into %j', (text, escaped) => {
  expect(escapeHtml(text)).toBe(escaped);
});
