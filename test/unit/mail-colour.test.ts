/** The colour of text on the brand's colour (mail/colour.ts) is readable for every colour. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readableOn } from '../../src/mail/colour.ts';

test.each([
  ['#1f4b99', '#ffffff'],
  ['#000000', '#ffffff'],
  ['#ffffff', '#000000'],
  ['#ffd34d', '#000000'],
  ['#00ff00', '#000000'],
  ['#0000ff', '#ffffff'],
])('on %s the text is %s', (colour, text) => {
  expect(readableOn(colour)).toBe(text);
});

/** WCAG 2.2, "contrast ratio", implemented a second time. */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [one, other].map(luminance).toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const channels = [...Buffer.from(colour.slice(1), 'hex')].map((byte) => {
    const part = byte / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return channels.reduce((sum, part, index) => sum + part * ([0.2126, 0.7152, 0.0722][index] ?? 0), 0);
}

test('no colour has less contrast than the 4.5 to 1 of WCAG', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
      const colour = `#${value.toString(16).padStart(6, '0')}`;
      expect(contrast(colour, readableOn(colour))).toBeGreaterThanOrEqual(4.5);
    }),
    { numRuns: 2000 },
  );
});
