/** How pages may be shown: both themes, both languages, the narrowest and a wide screen. */
import type { BrowserContextOptions } from 'playwright-core';

export interface Look {
  name: string;
  options: BrowserContextOptions;
}

export const looks: readonly Look[] = [
  look('light', 'en-GB', 1440),
  look('dark', 'de-DE', 320),
  look('dark', 'en-GB', 1440),
  look('light', 'de-DE', 320),
];

function look(colorScheme: 'light' | 'dark', locale: string, width: number): Look {
  return {
    name: `${colorScheme}-${locale}-${width}`,
    options: { colorScheme, locale, viewport: { width, height: 900 } },
  };
}
