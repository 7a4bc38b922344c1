/** Colours in hexadecimal, and their contrast (WCAG 2.2, relative luminance). */
const hexColour = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

export function isColour(text: string): boolean {
  return hexColour.test(text);
}

/** @returns 1 (equal) to 21 (black on white) */
export function contrastOf(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminanceOf(one), luminanceOf(other)].sort((first, second) => second - first);
  return (light + 0.05) / (dark + 0.05);
}

/** @param share of black: 0 to 1 */
export function darkened(colour: string, share: number): string {
  const parts = channelsOf(colour).map((channel) => Math.round(channel * (1 - share)));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function luminanceOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channelsOf(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** 0 to 255 each. */
function channelsOf(colour: string): number[] {
  const digits = colour.slice(1);
  const long = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  return (long.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
}
