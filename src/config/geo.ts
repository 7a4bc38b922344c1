/** The settings of the location files. */
import { z } from 'zod';
import { locationFile } from './formats/risk.ts';

export const geoSettings = {
  GEOIP_DATABASE: locationFile.optional(),
  ASN_DATABASE: locationFile.optional(),
};

const schema = z.object(geoSettings);
type Environment = z.infer<typeof schema>;

/** Paths of MMDB files. */
export interface GeoConfig {
  /** null: GEOIP_DATABASE is not set. */
  locations: string | null;
  /** null: ASN_DATABASE is not set. */
  networks: string | null;
}

export function geoConfig(env: Environment): GeoConfig {
  return { locations: env.GEOIP_DATABASE ?? null, networks: env.ASN_DATABASE ?? null };
}
