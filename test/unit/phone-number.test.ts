/** Which phone numbers get messages (domain/text/phone-number.ts). */
import { expect, test } from 'vitest';
import { maskPhoneNumber, readPhoneNumber } from '../../src/domain/text/phone-number.ts';

const countries = ['DE', 'US', 'FR', 'ES', 'GB'];

test.each([
  ['+4915123456789', '+4915123456789', 'DE', 'DE1512'],
  ['+49 (1512) 345-6789', '+4915123456789', 'DE', 'DE1512'],
  ['＋４９ １５１２ ３４５６７８９', '+4915123456789', 'DE', 'DE1512'],
  ['+1 202-555-0143', '+12025550143', 'US', 'US2025'],
  ['+49 30 123456', '+4930123456', 'DE', 'DE3012'],
])('%s is read as %s', async (text, number, country, prefix) => {
  expect(await readPhoneNumber(text, countries)).toEqual({ number, country, prefix });
});

test.each([
  '',
  '015123456789',
  'call +4915123456789 now',
  '+4915123456789;ext=12',
  '+49151234567890123',
  '+',
  '+4915123456789\n+12025550143',
])('malformed: %j', async (text) => {
  expect(await readPhoneNumber(text, countries)).toEqual({ problem: 'malformed_number' });
});

test('an overlong text is malformed', async () => {
  expect(await readPhoneNumber(`+49${'1'.repeat(90_000)}`, countries)).toEqual({ problem: 'malformed_number' });
});

test.each([
  ['Jamaica, which shares +1', '+18764561234'],
  ['Canada, which shares +1', '+16135550123'],
  ['Switzerland', '+41781234567'],
  ['a satellite network', '+8821612345678'],
])('a number outside of the listed countries is refused: %s', async (_what, text) => {
  expect(await readPhoneNumber(text, countries)).toEqual({ problem: 'country' });
});

// The small tables of the package know no type of the first two.
test.each([
  ['premium, France', '+33899123456'],
  ['premium, Spain', '+34803123456'],
  ['premium, Germany', '+499001234567'],
  ['toll free, United States', '+18002345678'],
  ['personal, United Kingdom', '+447012345678'],
  ['shared cost, Germany', '+491802123456'],
])('a number that costs more, or receives no message, is refused: %s', async (_what, text) => {
  expect(await readPhoneNumber(text, countries)).toEqual({ problem: 'number_type' });
});

test('a masked number shows three characters at the start and two at the end', () => {
  expect(maskPhoneNumber('+4915123456789')).toBe('+49•••••••••89');
});
