/** What operators decide about the pages of `dist/pages`. */
import type { CaptchaProvider } from '../../../domain/attempts/captcha.ts';

export const applicationNames = ['account', 'console'] as const;

/** `account`: sign-in and the own account. `console`: administration. */
export type ApplicationName = (typeof applicationNames)[number];

export interface PagesSettings {
  /** The applications that are served. */
  served: readonly ApplicationName[];
  theme: Theme;
  /** Replaces the name of the product; null: the pages show the name. */
  logo: Logo | null;
  /** The base address of the pages: `/account` and `/console` are below it. */
  publicUrl: string;
  productName: string;
  supportUrl: string | null;
  /** Null: operations need no captcha. */
  captcha: CaptchaProvider | null;
  /** The pages of other applications that users may continue to after signing in. */
  returnUrls: readonly string[];
}

/** The values of CSS variables by name: one value, or one for each colour scheme. */
export type Theme = Readonly<Record<string, ThemeValue>>;
export type ThemeValue = string | { light: string; dark: string };

export interface Logo {
  type: 'image/svg+xml' | 'image/png';
  content: Buffer;
}
