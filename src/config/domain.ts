/** The settings of the domain, and the cost of its password hashes. */
import { z } from 'zod';
import { passwordPolicies, passwordPresets } from '../domain/passwords/policy.ts';
import { defaultRules } from '../domain/risk/rules.ts';
import type { DomainSettings } from '../domain/settings.ts';
import { type Networks, readNetworks } from '../domain/source.ts';
import type { Basics } from './basics.ts';
import { appOrigins, baseUrl, domainName, networks } from './formats/addresses.ts';
import { duration, integer, oneOf } from './formats/basic.ts';
import { productName } from './formats/mail.ts';
import { isStrongArgon2, lockout, roleNames, signInMethods } from './formats/protection.ts';
import { returnUrls } from './formats/return-urls.ts';
import { riskRulesFile } from './formats/risk.ts';
import { isWithinDomain, relyingParty } from './passkeys.ts';
import { providersFile } from './providers.ts';
import { smsRules, smsSettings } from './sms.ts';

export const domainSettings = {
  PRODUCT_NAME: productName.default('Postern'),
  PASSKEY_RP_ID: domainName.optional(),
  PASSKEY_ORIGINS: appOrigins.default([]),
  EMAIL_VERIFICATION: oneOf(['required', 'off']).default('required'),
  SIGN_IN_METHODS: signInMethods.prefault('password,passkey,federated'),
  PASSWORD_POLICY: oneOf(passwordPresets).default('classic'),
  BREACH_CHECK_URL: baseUrl.optional(),
  RISK: oneOf(['off', 'observe', 'act']).default('observe'),
  RISK_RULES: riskRulesFile.optional(),
  DISPOSABLE_MAIL: oneOf(['allow', 'verify', 'refuse']).default('allow'),
  FEDERATED_PROVIDERS: providersFile.optional(),
  RETURN_URLS: returnUrls.optional(),
  ...smsSettings,
  API_KEYS: oneOf(['on', 'off']).default('on'),
  API_KEY_MAX_TTL: duration(86_400, 3650 * 86_400).prefault('365d'),
  CLIENT_TOKEN_TTL: duration(60, 3600).prefault('10m'),
  ACCESS_TOKEN_TTL: duration(60, 3600).prefault('15m'),
  REFRESH_TOKEN_TTL: duration(300, 30 * 86_400).prefault('7d'),
  REFRESH_GRACE: duration(0, 60).prefault('30s'),
  LOCKOUT: lockout.prefault('5/15m'),
  ADMIN_IP_ALLOWLIST: networks.default([]),
  MFA_REQUIRED_FOR: roleNames.optional(),
  REAUTH_WINDOW: duration(60, 86_400).prefault('10m'),
  SOFT_DELETE_RETENTION: duration(3600, 3650 * 86_400).prefault('30d'),
  AUDIT_RETENTION: duration(86_400, 3650 * 86_400).prefault('365d'),
  EVENT_RETENTION: duration(86_400, 90 * 86_400).prefault('7d'),
  KEY_ROTATION: duration(86_400, 365 * 86_400).prefault('30d'),
  ARGON2_MEMORY_KIB: integer(7168, 1_048_576).prefault('19456'),
  ARGON2_PASSES: integer(1, 20).prefault('2'),
  IMPORTED_HASHES: z.enum(['on', 'off']).prefault('on'),
};

const schema = z.object(domainSettings);
type Environment = z.infer<typeof schema>;

export function domainConfig(
  env: Environment,
  basics: Basics,
  rateLimitAllowlist: Networks,
): Omit<DomainSettings, 'captcha'> {
  return {
    productName: env.PRODUCT_NAME,
    issuer: basics.publicUrl,
    passkeys: relyingParty(basics, env.PASSKEY_RP_ID, env.PASSKEY_ORIGINS),
    emailVerification: env.EMAIL_VERIFICATION,
    passwordPolicy: passwordPolicies[env.PASSWORD_POLICY],
    breachCheckEnabled: env.BREACH_CHECK_URL !== undefined,
    risk: { mode: env.RISK, rules: env.RISK_RULES ?? defaultRules },
    disposableMail: env.DISPOSABLE_MAIL,
    signInMethods: env.SIGN_IN_METHODS,
    federation: {
      providers: env.FEDERATED_PROVIDERS?.(basics.publicUrl) ?? [],
      returnUrls: [...(env.RETURN_URLS ?? [basics.appUrl]), ...ownReturnUrls(basics)],
    },
    sms: smsRules(env),
    apiKeys: { enabled: env.API_KEYS === 'on', maxTtlSeconds: env.API_KEY_MAX_TTL },
    clientTokenTtlSeconds: env.CLIENT_TOKEN_TTL,
    accessTokenTtlSeconds: env.ACCESS_TOKEN_TTL,
    refreshTokenTtlSeconds: env.REFRESH_TOKEN_TTL,
    refreshGraceSeconds: env.REFRESH_GRACE,
    lockout: env.LOCKOUT,
    rateLimitAllowlist,
    adminIpAllowlist: readNetworks(env.ADMIN_IP_ALLOWLIST),
    mfaRequiredFor: env.MFA_REQUIRED_FOR ?? (basics.production ? ['SUPER_ADMIN', 'ADMIN'] : []),
    reauthWindowSeconds: env.REAUTH_WINDOW,
    softDeleteRetentionSeconds: env.SOFT_DELETE_RETENTION,
    auditRetentionSeconds: env.AUDIT_RETENTION,
    eventRetentionSeconds: env.EVENT_RETENTION,
  };
}

/** The account pages begin visits to providers themselves. */
function ownReturnUrls({ pages, publicUrl }: Basics): string[] {
  return pages.includes('account') ? [`${publicUrl}/account/callback`] : [];
}

export function domainProblems(env: Environment, basics: Basics): string[] {
  const problems: string[] = [];
  if (basics.production && !isStrongArgon2(env.ARGON2_MEMORY_KIB, env.ARGON2_PASSES))
    problems.push(
      'ARGON2_MEMORY_KIB, ARGON2_PASSES: are too weak together; use at least 47104 and 1, 19456 and 2, 12288 and 3, 9216 and 4, or 7168 and 5',
    );
  const { rpId } = relyingParty(basics, env.PASSKEY_RP_ID, []);
  if (!isWithinDomain(rpId, basics.appUrl))
    problems.push('PASSKEY_RP_ID: browsers reject it; use the host of APP_URL, or a parent domain');
  return problems;
}
