/**
 * Settings that several consumers derive theirs from: the kind of environment, and the addresses of gateway and
 * frontend.
 */
import { z } from 'zod';
import { baseUrl, origins } from './formats/addresses.ts';
import { integer, oneOf } from './formats/basic.ts';

export const basicSettings = {
  NODE_ENV: oneOf(['development', 'test', 'production']).default('development'),
  PORT: integer(0, 65_535).default(4000),
  PUBLIC_URL: baseUrl.optional(),
  APP_URL: baseUrl.optional(),
  CORS_ORIGINS: origins.default([]),
};

const schema = z.object(basicSettings);

export interface Basics {
  production: boolean;
  /** Whether NODE_ENV is `development`: a gateway on a developer's machine. */
  development: boolean;
  port: number;
  publicUrl: string;
  /** Links in mails lead here. */
  appUrl: string;
  corsOrigins: readonly string[];
}

export function basicsOf(env: z.infer<typeof schema>): Basics {
  const publicUrl = env.PUBLIC_URL ?? `http://localhost:${env.PORT}`;
  return {
    production: env.NODE_ENV === 'production',
    development: env.NODE_ENV === 'development',
    port: env.PORT,
    publicUrl,
    appUrl: env.APP_URL ?? publicUrl,
    corsOrigins: env.CORS_ORIGINS,
  };
}
