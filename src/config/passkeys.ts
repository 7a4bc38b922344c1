/** The WebAuthn relying party: its id, the origins that may use it, and the configured origins that cannot. */
import type { Basics } from './basics.ts';

export interface RelyingParty {
  rpId: string;
  origins: readonly string[];
}

/** @param domain PASSKEY_RP_ID @param appOrigins PASSKEY_ORIGINS: origins of native apps, used unchanged */
export function relyingParty(basics: Basics, domain: string | undefined, appOrigins: readonly string[]): RelyingParty {
  const rpId = domain ?? new URL(basics.appUrl).hostname;
  const within = pageOrigins(basics).filter((origin) => isWithinDomain(rpId, origin));
  return { rpId, origins: [...new Set([...within, ...appOrigins])] };
}

/** The configured origins that browsers keep from using passkeys of this relying party. */
export function originsWithoutPasskeys(basics: Basics, { rpId }: RelyingParty): string[] {
  return pageOrigins(basics).filter((origin) => !isWithinDomain(rpId, origin));
}

/** Browsers also reject public suffixes such as `co.uk`; that list is not repeated here. */
export function isWithinDomain(rpId: string, address: string): boolean {
  const { hostname } = new URL(address);
  return hostname === rpId || (rpId.includes('.') && hostname.endsWith(`.${rpId}`));
}

function pageOrigins({ appUrl, publicUrl, corsOrigins }: Basics): string[] {
  return [...new Set([...[appUrl, publicUrl].map((address) => new URL(address).origin), ...corsOrigins])];
}
