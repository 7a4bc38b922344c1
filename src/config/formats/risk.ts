/** Formats of the rules of the risk assessment, of location files and of location headers. Each problem says what to give instead. */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { z } from 'zod';
import { defaultRules, type RiskRules } from '../../domain/risk/rules.ts';
import { readNetworks } from '../../domain/source.ts';
import type { GeoHeaders } from '../../http/client-location.ts';
import { riskSignals } from '../../persistence/risk/risk-assessment.ts';
import { networks } from './addresses.ts';

const maxFileBytes = 100_000;

const points = z.number().int().min(0).max(1000);
const threshold = z.number().int().min(1).max(10_000);
const country = z
  .string()
  .regex(/^[A-Z]{2}$/, { error: 'use ISO 3166-1 codes of two capital letters, for example DE' });
const roleName = z.string().regex(/^[A-Z][A-Z0-9_]{1,63}$/, { error: 'use the name of a role, for example ADMIN' });

const rulesSchema = z.strictObject({
  points: z.partialRecord(z.enum(riskSignals), points).optional(),
  thresholds: z.strictObject({ mail: threshold, captcha: threshold, secondStep: threshold }).partial().optional(),
  refuse: z
    .strictObject({
      countries: z.array(country).max(250),
      exceptRoles: z.array(roleName).max(100),
      exceptNetworks: z.array(z.string()).max(1000),
    })
    .partial()
    .optional(),
});

/** The path of a JSON file. What it leaves out keeps its default. */
export const riskRulesFile = z.string().transform((path, context): RiskRules => {
  const content = readJson(path);
  const parsed = rulesSchema.safeParse(content);
  if (content === undefined) context.addIssue('use the path of a JSON file such as {"points": {"NEW_COUNTRY": 30}}');
  else if (!parsed.success)
    for (const { path: place, message } of parsed.error.issues) context.addIssue(`${place.join('.')}: ${message}`);
  if (!parsed.success) return z.NEVER;
  const { refuse = {}, ...given } = parsed.data;
  const usual = defaultRules.thresholds;
  const { mail = usual.mail, captcha = usual.captcha, secondStep = usual.secondStep } = given.thresholds ?? {};
  if (mail > captcha || captcha > secondStep)
    context.addIssue('thresholds: must not descend: use mail, captcha, secondStep in ascending order');
  const exceptNetworks = networks.safeParse((refuse.exceptNetworks ?? []).join(','));
  if (!exceptNetworks.success) context.addIssue('refuse.exceptNetworks: use networks, for example 10.0.0.0/8');
  return {
    points: { ...defaultRules.points, ...given.points },
    thresholds: { mail, captcha, secondStep },
    refuse: {
      countries: refuse.countries ?? [],
      exceptRoles: refuse.exceptRoles ?? [],
      exceptNetworks: readNetworks(exceptNetworks.data ?? []),
    },
  };
});

/** How the metadata of an MMDB file begins, in the last 128 KiB of the file. */
const metadataMarker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
const metadataBytes = 128 * 1024;

/** The path of an MMDB file. It may be large: only its end is read here. */
export const locationFile = z.string().refine((path) => endOf(path)?.includes(metadataMarker) ?? false, {
  error: 'use the path of an MMDB file that this process can read',
});

const presets: Readonly<Record<string, GeoHeaders>> = {
  cloudflare: { country: 'cf-ipcountry', city: 'cf-ipcity', asn: null },
  cloudfront: {
    country: 'cloudfront-viewer-country',
    city: 'cloudfront-viewer-city',
    asn: 'cloudfront-viewer-asn',
  },
};

/** `cloudflare`, `cloudfront`, or pairs such as `country=X-Country,city=X-City,asn=X-ASN`. */
export const geoHeaders = z.string().transform((text, context): GeoHeaders => {
  const preset = Object.hasOwn(presets, text) ? presets[text] : undefined;
  const custom = preset ?? headersFrom(text);
  if (custom) return custom;
  context.addIssue(
    'use cloudflare, cloudfront, or names of headers, for example country=X-Country,city=X-City,asn=X-ASN',
  );
  return z.NEVER;
});

function headersFrom(text: string): GeoHeaders | null {
  const pairs = text.split(',').map((part) => /^(country|city|asn)=([A-Za-z0-9-]{1,64})$/.exec(part.trim()));
  const named = new Map(pairs.flatMap((pair) => (pair ? [[pair[1], pair[2]?.toLowerCase() ?? '']] : [])));
  if (named.size !== pairs.length || !named.has('country')) return null;
  return { country: named.get('country') ?? null, city: named.get('city') ?? null, asn: named.get('asn') ?? null };
}

function endOf(path: string): Buffer | null {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const end = Buffer.alloc(Math.min(size, metadataBytes));
      readSync(file, end, 0, end.length, size - end.length);
      return end;
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}

function readJson(path: string): unknown {
  try {
    const content = readFileSync(path, 'utf8');
    return content.length > maxFileBytes ? undefined : JSON.parse(content);
  } catch {
    return undefined;
  }
}
