/** Names the device of a session from what the client says about itself. */

export interface DeviceSource {
  deviceName: string | null;
  userAgent: string | null;
}

export interface Device {
  /** Null: the client says nothing that is known. */
  name: string | null;
  kind: 'phone' | 'tablet' | 'computer';
}

/** The first match counts: Edge also names Chrome, and Chrome also names Safari. */
const browsers = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS)\//],
  ['Safari', /\bSafari\//],
] as const;

const systems = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
] as const;

/** @param on joins the two names, for example `on`: "Firefox on Linux" */
export function deviceOf({ deviceName, userAgent }: DeviceSource, on: string): Device {
  const text = (userAgent ?? '').slice(0, 1000);
  const named = (list: readonly (readonly [string, RegExp])[]) => list.find(([, pattern]) => pattern.test(text))?.[0];
  const parts = [named(browsers), named(systems)].filter((part) => part !== undefined);
  return { name: deviceName ?? (parts.length > 0 ? parts.join(` ${on} `) : null), kind: kindOf(text) };
}

function kindOf(text: string): Device['kind'] {
  if (/\biPad\b|\bTablet\b/.test(text) || (/\bAndroid\b/.test(text) && !/\bMobile\b/.test(text))) return 'tablet';
  return /\b(?:iPhone|Mobile)\b/.test(text) ? 'phone' : 'computer';
}
