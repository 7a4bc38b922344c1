/** A site of gateways in front of one database. */
import { startMailServer } from '../../support/mail/mail-server.ts';
import type { Site } from './drill.ts';
import type { Ending } from './ending.ts';
import { createGateways, type Gateway } from './gateway.ts';

/**
 * @param databaseUrl the address that the gateways get
 * @param options.direct the primary, past every proxy
 */
export async function startSite(
  ending: Ending,
  databaseUrl: string,
  { count = 1, direct = () => databaseUrl, settings = {}, main }: SiteOptions = {},
): Promise<Site & { all: Gateway[] }> {
  const mail = await startMailServer();
  ending.add(mail.stop);
  const gateways = createGateways(ending, { DATABASE_URL: databaseUrl, SMTP_URL: mail.url, ...settings });
  const migrated = await gateways.run(['migrate'], main);
  if (migrated.code !== 0) throw new Error(`postern migrate failed: ${migrated.stdout}${migrated.stderr}`);
  const all = await Promise.all(Array.from({ length: count }, () => gateways.start({}, main)));
  return { urls: all.map(({ url }) => url), gateways, mail, databaseUrl: direct, all };
}

interface SiteOptions {
  /** The number of gateways. */
  count?: number;
  direct?: Site['databaseUrl'];
  settings?: Record<string, string>;
  /** Another version of the program. */
  main?: string;
}
