/**
 * Mails (mail/templates.ts): complete in every language, hostile text stays text, and a token is only in the fragment
 * of a link.
 */
import { describe, expect, test } from 'vitest';
import { escapeHtml } from '../../src/mail/layout.ts';
import { mailLocales } from '../../src/mail/locales.ts';
import type { Mail, MailKind, MailVariables } from '../../src/mail/mail.ts';
import { type MailSettings, renderMail } from '../../src/mail/templates.ts';
import { mailKinds, sampleMail, sampleToken } from '../support/mail/sample-mails.ts';

const settings: MailSettings = {
  productName: 'Lantern House',
  appUrl: 'https://app.example.com',
  colour: '#1f4b99',
  logoUrl: null,
  supportUrl: 'mailto:help@example.com',
  locale: 'en',
};
const partsOf = (mail: Mail, other: Partial<MailSettings> = {}) => renderMail(mail, { ...settings, ...other });
const inEveryLanguage = mailLocales.flatMap((locale) => mailKinds.map((kind) => [locale, kind] as const));

describe.each(inEveryLanguage)('in %s, %s', (locale, kind) => {
  const mail = sampleMail(kind);
  const { subject, text, html, locale: told } = partsOf(mail, { locale });

  test('is in that language, and declares it', () => {
    expect(told).toBe(locale);
    expect(html).toContain(`<html lang="${locale}">`);
    expect(text).toContain(locale === 'de' ? 'Sie erhalten diese E-Mail' : 'You receive this mail');
    expect(subject).not.toBe(partsOf(mail, { locale: locale === 'de' ? 'en' : 'de' }).subject);
  });

  test('has a subject of one short line, and a text and a page that name the service and the support contact', () => {
    expect(subject).toMatch(/^\p{Lu}[\p{L}',.? -]{8,60}$/u);
    expect(html).toContain(`<title>${escapeHtml(subject)}</title>`);
    for (const part of [text, html]) expect(part).toContain('Lantern House');
    expect(text).toContain('\nLantern House - https://app.example.com\n');
    expect(text).toMatch(/: help@example\.com\n/);
    expect(html).toContain('href="mailto:help@example.com"');
    expect(text.endsWith('\n')).toBe(true);
  });

  test('shows the time of the event, in UTC', () => {
    const moment = { en: '1 March 2026 at 12:34 UTC', de: '1. März 2026 um 12:34 Uhr (UTC)' }[locale];
    // The link of a confirmation expires at this time of another day or hour; those mails show both.
    expect(text).toContain(moment);
    expect(html).toContain(moment);
  });

  test('loads nothing from any server', () => {
    expect(html).not.toMatch(/<(img|script|link|iframe|object)|@import|url\(|src=/i);
  });

  test('has no gaps where a value is unknown', () => {
    const unknown = { ipAddress: null, userAgent: null, deviceName: null };
    const bare = partsOf(sampleMail(kind, unknown), { locale, supportUrl: null });
    for (const part of [subject, text, html, bare.subject, bare.text, bare.html]) {
      expect(part).not.toMatch(/undefined|null|NaN|\[object|Invalid| [.,:]| {2}[^|]/);
    }
  });

  test('has a button exactly when it carries a token, and every link leads to the app or to support', () => {
    const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, link]) => link);
    const own =
      'token' in mail.variables ? [expect.stringMatching(/^https:\/\/app\.example\.com\/[a-z-]+#token=/)] : [];
    expect(links).toEqual([...own, 'https://app.example.com', 'mailto:help@example.com']);
    expect(text.includes('#token=')).toBe(own.length > 0);
  });

  test('carries its token in the fragment of the link only', () => {
    for (const part of [text, html]) {
      expect(part.split(`#token=${sampleToken}`).length).toBe(part.split(sampleToken).length);
    }
    expect(subject).not.toContain(sampleToken);
    expect(text).not.toContain('ada@example.com');
  });
});

describe('the links', () => {
  const paths: readonly [MailKind, string][] = [
    ['verify_email', '/verify-email'],
    ['password_reset', '/reset-password'],
    ['choose_password', '/reset-password'],
    ['invitation', '/accept-invitation'],
    ['email_change_confirm', '/confirm-email'],
    ['new_sign_in', '/not-me'],
    ['email_change_requested', '/not-me'],
    ['email_changed', '/not-me'],
  ];

  test.each(paths)('of %s lead to %s of the app', (kind, path) => {
    const link = `https://app.example.com${path}#token=${sampleToken}`;
    const { text, html } = partsOf(sampleMail(kind));
    expect(text).toContain(`\n${link}\n`);
    expect(html).toContain(`href="${link}"`);
    expect(html).toContain(`>${link}<`);
    expect(new URL(link).search).toBe('');
  });

  test('follow the app into a subfolder', () => {
    const { text } = partsOf(sampleMail('verify_email'), { appUrl: 'https://example.com/app' });
    expect(text).toContain(`\nhttps://example.com/app/verify-email#token=${sampleToken}\n`);
  });

  test.each([
    ['verify_email', 'by 31 March 2026 at 12:34 UTC'],
    ['choose_password', 'by 31 March 2026 at 12:34 UTC'],
    ['password_reset', 'by 1 March 2026 at 13:34 UTC'],
    ['email_change_confirm', 'by 1 March 2026 at 13:34 UTC'],
    ['invitation', 'by 1 March 2026 at 12:34 UTC'],
  ] as const)('of %s state their expiry, however late the mail arrives', (kind, end) => {
    expect(partsOf(sampleMail(kind)).text).toContain(end);
  });
});

describe('the language', () => {
  const languageOf = (locale: string | null | undefined, fallback: 'en' | 'de') =>
    partsOf({ ...sampleMail('verify_email'), locale }, { locale: fallback }).locale;

  test('is that of the reader, when it is supported', () => {
    expect(languageOf('de', 'en')).toBe('de');
    expect(languageOf('de-AT', 'en')).toBe('de');
    expect(languageOf('en-US', 'de')).toBe('en');
  });

  test.each([null, undefined, '', 'fr', 'xx-YY', 'de_DE', '../../etc', 'constructor', '__proto__'])(
    'is that of the settings when the reader’s is %j',
    (locale) => {
      expect(languageOf(locale, 'de')).toBe('de');
      expect(languageOf(locale, 'en')).toBe('en');
    },
  );
});

describe('the brand', () => {
  test('colours the button, with readable text', () => {
    expect(partsOf(sampleMail('verify_email'), { colour: '#1f4b99' }).html).toMatch(
      /background:#1f4b99.*color:#ffffff/,
    );
    expect(partsOf(sampleMail('verify_email'), { colour: '#ffd34d' }).html).toMatch(
      /background:#ffd34d.*color:#000000/,
    );
  });

  test('has a logo in place of the name, with the name as its alternative text', () => {
    const { html } = partsOf(sampleMail('verify_email'), { logoUrl: 'https://cdn.example.com/logo.png?a=1&b=2' });
    expect(html).toContain('src="https://cdn.example.com/logo.png?a=1&amp;b=2" alt="Lantern House"');
    expect(html.match(/src=/g)).toHaveLength(1);
  });

  test.each(['Müller & Söhne', '<script>alert(1)</script>', '"><img src=x>', "O'Neill"])(
    'with the name %s is text in the page',
    (productName) => {
      const { html, text } = partsOf(sampleMail('verify_email'), { productName });
      expect(html).toContain(escapeHtml(productName));
      expect(text).toContain(productName);
      expect(html).not.toMatch(/<script|<img/);
    },
  );

  test('an address of the app with special characters does not break out of the page', () => {
    const { html } = partsOf(sampleMail('verify_email'), { appUrl: 'https://example.com/"><script>' });
    expect(html).not.toContain('<script>');
    expect(html).toContain('https://example.com/&quot;&gt;&lt;script&gt;/verify-email#token=');
  });
});

const reuse = (deviceName: string | null, ipAddress: string | null = null) =>
  sampleMail('token_reuse_detected', { deviceName, ipAddress });
const tagsOf = (html: string) => html.match(/<[^>]*>/g);

describe('hostile names', () => {
  test.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
    ['"><a href="https://evil.example">', '&quot;&gt;&lt;a href=&quot;https://evil.example&quot;&gt;'],
    ["' onmouseover='x", '&#39; onmouseover=&#39;x'],
    ['</p></div></body>', '&lt;/p&gt;&lt;/div&gt;&lt;/body&gt;'],
    ['&lt;b&gt;', '&amp;lt;b&amp;gt;'],
  ])('the device %s is text in the page', (deviceName, escaped) => {
    const { html, text, subject } = partsOf(reuse(deviceName));
    expect(html).toContain(`on &quot;${escaped}&quot;`);
    expect(html).not.toContain(deviceName);
    expect(text).toContain(`on "${deviceName}"`);
    expect(subject).not.toContain(deviceName);
  });

  test('no name opens or closes an element: the page has its own tags only', () => {
    const hostile = partsOf(reuse('</p><h1>Your account is lost</h1><p>')).html;
    expect(tagsOf(hostile)).toEqual(tagsOf(partsOf(reuse('laptop')).html));
  });

  test('replacement patterns in a name stay unchanged', () => {
    expect(partsOf(reuse("$& $1 $$ $'")).text).toContain(`"$& $1 $$ $'"`);
  });
});

/** Replaces each value of a mail in turn by a hostile one. */
function withHostile(kind: MailKind, hostile: string): Mail[] {
  const strange = new Set(['ipAddress', 'userAgent', 'deviceName', 'newEmail']);
  const { variables } = sampleMail(kind);
  return Object.keys(variables)
    .filter((name) => strange.has(name))
    .map((name) =>
      sampleMail(kind, { [name]: hostile } satisfies Partial<Record<string, string>> &
        Partial<MailVariables[MailKind]>),
    );
}

describe('a line break in a value of a mail', () => {
  const breaks = ['\r\n', '\n', '\r', '\0', '\v', '\f', '\u0085', '\u2028', '\u2029', '\u202e', '\u2066'];

  test.each(inEveryLanguage)('in %s starts neither a header nor a line of %s', (locale, kind) => {
    for (const lineBreak of breaks) {
      for (const mail of withHostile(
        kind,
        `x${lineBreak}${lineBreak}Bcc: eve@example.com${lineBreak}https://evil.example`,
      )) {
        const usual = partsOf(sampleMail(kind), { locale });
        const { subject, text, html } = partsOf(mail, { locale });
        expect(subject).toBe(usual.subject);
        expect(text.split(/[\r\n]/)).toHaveLength(usual.text.split(/[\r\n]/).length);
        expect(text).not.toMatch(/^(Bcc|https:\/\/evil)/m);
        expect(tagsOf(html)).toEqual(tagsOf(usual.html));
        if (lineBreak !== '\n') for (const part of [text, html]) expect(part).not.toContain(lineBreak);
      }
    }
  });
});

describe('a device', () => {
  const signedInWith = (userAgent: string | null, deviceName: string | null = null) =>
    partsOf(sampleMail('new_sign_in', { userAgent, deviceName })).text;

  test('has the name that its owner gave, else browser and system, else its own name', () => {
    const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0';
    expect(signedInWith(firefox, 'Old laptop')).toContain('with "Old laptop".');
    expect(signedInWith(firefox)).toContain('with Firefox on Linux.');
    expect(signedInWith('curl/8.5.0')).toContain('with "curl/8.5.0".');
    expect(signedInWith(null)).toContain('with an unknown device.');
  });

  test('is shortened in the mail when its own name is long', () => {
    expect(signedInWith('🦊'.repeat(4000))).toContain(`with "${'🦊'.repeat(100)}…".`);
  });
});

test.each([
  [2, '2 are left'],
  [1, 'One is left'],
  [0, 'None are left'],
])('of backup codes, a remainder of %i is written in words', (remaining, words) => {
  const { text } = partsOf(sampleMail('backup_code_used', { remaining }));
  expect(text).toContain(words);
  expect(text).toContain('Create new ones soon');
  expect(partsOf(sampleMail('backup_code_used', { remaining: 9 })).text).not.toContain('Create new ones soon');
});

test.each([
  ['&<>"\'', '&amp;&lt;&gt;&quot;&#39;'],
  ['&amp;', '&amp;amp;'],
  ['Zoë 🦊', 'Zoë 🦊'],
  ['', ''],
])('escapeHtml turns %j into %j', (text, escaped) => {
  expect(escapeHtml(text)).toBe(escaped);
});
