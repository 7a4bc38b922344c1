/**
 * Settings that several consumers derive theirs from: the kind of environment, and the addresses of gateway and
 * frontend.
 */
import { z } from 'zod';
import type { ApplicationName } from '../http/pages/built/settings.ts';
import { baseUrl, origins } from './formats/addresses.ts';
import { integer, oneOf } from './formats/basic.ts';

export const basicSettings = {
  NODE_ENV: oneOf(['development', 'test', 'production']).default('development'),
  PORT: integer(0, 65_535).prefault('4000'),
  PUBLIC_URL: baseUrl.optional(),
  APP_URL: baseUrl.optional(),
  PAGES: oneOf(['off', 'account', 'console', 'all']).optional(),
  CORS_ORIGINS: origins.default([]),
};

const schema = z.object(basicSettings);
type Environment = z.infer<typeof schema>;

const applications = {
  off: [],
  account: ['account'],
  console: ['console'],
  all: ['account', 'console'],
} satisfies Record<string, ApplicationName[]>;

export interface Basics {
  production: boolean;
  /** Whether NODE_ENV is `development`: a gateway on a developer's machine. */
  development: boolean;
  port: number;
  publicUrl: string;
  /** Links in mails lead here: to APP_URL, else to the account pages, else to the gateway itself. */
  appUrl: string;
  /** The applications whose pages the gateway serves. */
  pages: readonly ApplicationName[];
  corsOrigins: readonly string[];
}

export function basicsOf(env: Environment): Basics {
  const publicUrl = env.PUBLIC_URL ?? `http://localhost:${env.PORT}`;
  const development = env.NODE_ENV === 'development';
  const pages: readonly ApplicationName[] = applications[env.PAGES ?? (development ? 'all' : 'off')];
  return {
    production: env.NODE_ENV === 'production',
    development,
    port: env.PORT,
    publicUrl,
    appUrl: env.APP_URL ?? (pages.includes('account') ? `${publicUrl}/account` : publicUrl),
    pages,
    corsOrigins: env.CORS_ORIGINS,
  };
}
