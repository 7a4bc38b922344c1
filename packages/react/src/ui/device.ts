/** Names the browser and the system of a `User-Agent` header. Which claims to be what: RFC 9110 10.1.5 promises nothing. */

/** The first match counts: Edge also names Chrome, and Chrome also names Safari. */
const browsers: readonly (readonly [string, RegExp])[] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Headless)?(?:Chrome|CriOS)\//],
  ['Safari', /\bSafari\//],
  ['curl', /^curl\//],
];

const systems: readonly (readonly [string, RegExp])[] = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
];

/** @returns "Firefox on Linux"; null for an unknown client */
export function deviceOf(userAgent: string, on: string): string | null {
  const text = userAgent.slice(0, 512);
  const [browser, system] = [browsers, systems].map((list) => list.find(([, pattern]) => pattern.test(text))?.[0]);
  if (browser === undefined || system === undefined) return browser ?? system ?? null;
  return `${browser} ${on} ${system}`;
}

export type DeviceKind = 'phone' | 'tablet' | 'computer';

export function deviceKindOf(userAgent: string): DeviceKind {
  const text = userAgent.slice(0, 512);
  const isMobile = /\b(?:iPhone|Mobile)\b/.test(text);
  if (/\b(?:iPad|Tablet)\b/.test(text) || (/\bAndroid\b/.test(text) && !isMobile)) return 'tablet';
  return isMobile ? 'phone' : 'computer';
}
