/** Random bytes that are drawn ahead (security/random.ts). */
import { expect, test } from 'vitest';
import { newId } from '../../src/domain/ids.ts';
import { randomBlock } from '../../src/security/random.ts';

test('no block is returned twice, also after the drawn bytes are used up', () => {
  const blocks = Array.from({ length: 2000 }, () => randomBlock().toString('hex'));
  expect(new Set(blocks).size).toBe(2000);
  expect(blocks.every((block) => /^[0-9a-f]{32}$/.test(block))).toBe(true);
});

test('a caller that overwrites its block changes no other block', () => {
  const [own, other] = [randomBlock(), randomBlock()];
  const before = other.toString('hex');
  own.fill(0);
  expect(other.toString('hex')).toBe(before);
  expect(randomBlock().equals(own)).toBe(false);
});

test('ids of one millisecond differ, and are ordered as they were made', () => {
  const now = new Date('2026-07-01T00:00:00Z');
  const ids = Array.from({ length: 600 }, () => newId(now));
  expect(new Set(ids.map((id) => id.slice(-8))).size).toBe(600);
  expect(ids.toSorted()).toEqual(ids);
});
