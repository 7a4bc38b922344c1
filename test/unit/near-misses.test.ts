/** Misspelt settings are reported, variables of other programs are not (config/near-misses.ts). */
import { expect, test } from 'vitest';
import { misspeltSettings } from '../../src/config/config.ts';

test.each([
  ['ACCESS_TOKEN_TLL', 'ACCESS_TOKEN_TTL'],
  ['ACESS_TOKEN_TTL', 'ACCESS_TOKEN_TTL'],
  ['CORS_ORIGIN', 'CORS_ORIGINS'],
  ['PUBLICURL', 'PUBLIC_URL'],
  ['public_url', 'PUBLIC_URL'],
  ['POSTERN_METRICS_PORT', 'METRICS_PORT'],
  ['SECRET_PREVIUOS', 'SECRET_PREVIOUS'],
  ['SMTP_ULR', 'SMTP_URL'],
])('%s is probably %s', (variable, setting) => {
  expect(misspeltSettings({ [variable]: 'x' })).toEqual([{ variable, setting }]);
});

test.each([
  'PATH',
  'HOME',
  'POST',
  'SPORT',
  'HOSTNAME',
  'LOGNAME',
  'LANG',
  'POSTGRES_PASSWORD',
  'PREBUILDS_ONLY',
  'NODE_OPTIONS',
  'npm_config_port',
  'ACCESS_TOKEN_TTL',
  'MAIL',
  'SMTP_HOST',
  'SECRETS_DIR',
  'x'.repeat(10_000),
])('%s belongs to another program or is correct', (variable) => {
  expect(misspeltSettings({ [variable]: 'x' })).toEqual([]);
});
