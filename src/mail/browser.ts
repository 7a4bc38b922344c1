/** Describes a browser by its User-Agent header, in two words for the owner. It can be wrong: no decision uses it. */

/** The first match counts: most browsers also name the ones further down. */
const browsers: readonly [RegExp, string][] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\b(OPR|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|Chromium|CriOS)\//, 'Chrome'],
  [/\bVersion\/\S+ (Mobile\/\S+ )?Safari\//, 'Safari'],
];

const systems: readonly [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

export interface Browser {
  name: string | null;
  system: string | null;
}

/** @returns null for an unknown browser */
export function recogniseBrowser(userAgent: string): Browser | null {
  if (!userAgent.startsWith('Mozilla/')) return null;
  const first = (table: readonly [RegExp, string][]) => table.find(([pattern]) => pattern.test(userAgent))?.[1] ?? null;
  const browser = { name: first(browsers), system: first(systems) };
  return (browser.name ?? browser.system) ? browser : null;
}
