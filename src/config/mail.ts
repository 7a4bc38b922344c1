/** The settings of mails: their delivery and their appearance. */
import { z } from 'zod';
import { type MailLocale, mailLocales } from '../mail/locales.ts';
import type { Basics } from './basics.ts';
import { imageUrl, privateHost, supportUrl, url } from './formats/addresses.ts';
import { oneOf } from './formats/basic.ts';
import { colour, type Sender, sender } from './formats/mail.ts';
import { requiresTls, smtpProblems } from './urls.ts';

export const mailSettings = {
  SMTP_URL: url(['smtp:', 'smtps:']).optional(),
  SMTP_PLAIN_HOST: privateHost.optional(),
  MAIL_FROM: sender.optional(),
  MAIL_LOCALE: oneOf(mailLocales).default('en'),
  MAIL_COLOR: colour.default('#1f4b99'),
  MAIL_LOGO_URL: imageUrl.optional(),
  SUPPORT_URL: supportUrl.optional(),
};

const schema = z.object(mailSettings);
type Environment = z.infer<typeof schema>;

export interface MailConfig {
  /** null: mails go to the development mailbox. */
  smtpUrl: string | null;
  /** Whether `smtp:` fails when the server offers no STARTTLS. */
  requireTls: boolean;
  from: Sender;
  /** The language for recipients without a known one. */
  locale: MailLocale;
  colour: string;
  logoUrl: string | null;
  supportUrl: string | null;
  productName: string;
  /** The base address of links. */
  appUrl: string;
}

export function mailConfig(env: Environment, { appUrl }: Basics, productName: string): MailConfig {
  return {
    smtpUrl: env.SMTP_URL ?? null,
    requireTls: env.SMTP_URL !== undefined && requiresTls(env.SMTP_URL, env.SMTP_PLAIN_HOST),
    from: env.MAIL_FROM ?? { name: 'Postern', address: 'no-reply@localhost' },
    locale: env.MAIL_LOCALE,
    colour: env.MAIL_COLOR,
    logoUrl: env.MAIL_LOGO_URL ?? null,
    supportUrl: env.SUPPORT_URL ?? null,
    productName,
    appUrl,
  };
}

/** Production encrypts, and verifies the certificates of servers on other machines. */
export function mailProblems(env: Environment, { production }: Basics): string[] {
  if (!production || !env.SMTP_URL) return [];
  return smtpProblems(env.SMTP_URL).map((problem) => `SMTP_URL: ${problem}`);
}
