/** The settings of the account pages and of the console. */
import { z } from 'zod';
import type { DomainSettings } from '../domain/settings.ts';
import type { PagesSettings } from '../http/pages/built/settings.ts';
import type { Basics } from './basics.ts';
import { logoFile, themeFile } from './formats/pages.ts';
import type { MailConfig } from './mail.ts';

export const pagesSettings = {
  PAGES_THEME: themeFile.optional(),
  PAGES_LOGO: logoFile.optional(),
};

const schema = z.object(pagesSettings);
type Environment = z.infer<typeof schema>;

export function pagesConfig(
  env: Environment,
  { pages, publicUrl }: Basics,
  { productName, supportUrl }: MailConfig,
  { federation, captcha }: Pick<DomainSettings, 'federation' | 'captcha'>,
): PagesSettings {
  return {
    served: pages,
    theme: env.PAGES_THEME ?? {},
    logo: env.PAGES_LOGO ?? null,
    publicUrl,
    productName,
    supportUrl,
    captcha: captcha?.provider ?? null,
    returnUrls: federation.returnUrls,
  };
}
