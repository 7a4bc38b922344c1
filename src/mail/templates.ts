/**
 * Renders a mail: the text of the reader's language (wording/) in the common layout (layout.ts). A subject and a paragraph
 * are one line: text from an attacker cannot begin a paragraph or a header.
 */
import { recogniseBrowser } from './browser.ts';
import { asPage, asText, type Branding, type Letter } from './layout.ts';
import { type MailLocale, matchMailLocale } from './locales.ts';
import type { LinkedKind, Mail, MailKind, MailOf } from './mail.ts';
import { german } from './wording/de.ts';
import { english } from './wording/en.ts';
import type { TextValues, Wording } from './wording/wording.ts';

export interface RenderedMail {
  /** The language of the text. */
  locale: MailLocale;
  subject: string;
  text: string;
  html: string;
}

export interface MailSettings extends Branding {
  /** For readers with an unknown or unsupported language. */
  locale: MailLocale;
}

const wordings: Readonly<Record<MailLocale, Wording>> = { en: english, de: german };

/** The pages of the frontend that the links lead to. */
const linkPaths: Readonly<Record<LinkedKind, string> & Partial<Record<MailKind, string>>> = {
  verify_email: '/verify-email',
  password_reset: '/reset-password',
  choose_password: '/reset-password',
  new_sign_in: '/not-me',
  email_change_confirm: '/confirm-email',
  email_change_requested: '/not-me',
  email_changed: '/not-me',
  password_changed: '/not-me',
  mfa_enabled: '/not-me',
  mfa_disabled: '/not-me',
  identity_linked: '/not-me',
  identity_unlinked: '/not-me',
  phone_added: '/not-me',
  phone_removed: '/not-me',
  backup_code_used: '/not-me',
  backup_codes_regenerated: '/not-me',
  passkey_confirm: '/confirm-passkey',
  invitation: '/accept-invitation',
  sign_in_code: '/sign-in',
};

export function renderMail(mail: Mail, settings: MailSettings): RenderedMail {
  const locale = (mail.locale && matchMailLocale(mail.locale)) || settings.locale;
  const letter = letterOf(mail, locale, settings);
  return { locale, subject: letter.subject, text: asText(letter, settings), html: asPage(letter, settings) };
}

function letterOf<Kind extends MailKind>(mail: MailOf<Kind>, locale: MailLocale, settings: MailSettings): Letter {
  const wording = wordings[locale];
  const { subject, paragraphs, code, action } = wording.mails[mail.kind](mail.variables, tellingIn(wording, settings));
  const link = linkOf(mail, settings.appUrl);
  const { copyLink, help, reason } = wording.frame;
  return {
    locale,
    subject: inOneLine(subject),
    paragraphs: paragraphs.map(inOneLine),
    code: code ?? null,
    action: action !== undefined && link !== null ? { label: action, link, copyLink } : null,
    help,
    reason: reason(settings.productName),
  };
}

/** The token is in the fragment of the link, so that no server and no mail scanner can use it. */
function linkOf({ kind, variables }: { kind: MailKind; variables: object }, appUrl: string): string | null {
  const path = linkPaths[kind];
  if (!path || !('token' in variables) || typeof variables.token !== 'string') return null;
  return `${appUrl}${path}#token=${encodeURIComponent(variables.token)}`;
}

function tellingIn(wording: Wording, { productName }: MailSettings): TextValues {
  const date = new Intl.DateTimeFormat(wording.dates, { dateStyle: 'long', timeZone: 'UTC' });
  const time = new Intl.DateTimeFormat(wording.dates, { timeStyle: 'short', timeZone: 'UTC' });
  const regions = new Intl.DisplayNames(wording.dates, { type: 'region' });
  return {
    productName,
    moment(iso, plusSeconds = 0) {
      const at = Date.parse(iso) + plusSeconds * 1000;
      return wording.moment(date.format(at), time.format(at));
    },
    device(deviceName, userAgent) {
      if (deviceName !== null) return `"${deviceName}"`;
      const browser = userAgent === null ? null : recogniseBrowser(userAgent);
      if (browser) return wording.device(browser.name, browser.system);
      return userAgent === null ? null : `"${shortened(userAgent)}"`;
    },
    place: ({ country, city }) => [city, regions.of(country)].filter(Boolean).join(', '),
  };
}

const maxUserAgentLength = 100;

function shortened(userAgent: string): string {
  const characters = [...userAgent];
  return characters.length <= maxUserAgentLength ? userAgent : `${characters.slice(0, maxUserAgentLength).join('')}…`;
}

/** Control characters, line breaks and direction overrides become spaces. */
function inOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}
