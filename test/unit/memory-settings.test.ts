/** The settings that a started gateway gives to V8 and the C library. */
import { expect, test } from 'vitest';
import { withMemorySettings } from '../../src/memory-settings.ts';

test('are added to the environment', () => {
  expect(withMemorySettings({ PATH: '/bin' })).toEqual({
    PATH: '/bin',
    NODE_OPTIONS: '--max-semi-space-size=8',
    MALLOC_ARENA_MAX: '1',
    GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=4194304:glibc.malloc.trim_threshold=8388608',
  });
});

test('come before the operator’s options, of which the last counts', () => {
  const { NODE_OPTIONS } = withMemorySettings({ NODE_OPTIONS: '--max-semi-space-size=32' });
  expect(NODE_OPTIONS).toBe('--max-semi-space-size=8 --max-semi-space-size=32');
});

test('leave the operator’s own tunables', () => {
  const GLIBC_TUNABLES = 'glibc.malloc.hugetlb=0';
  expect(withMemorySettings({ GLIBC_TUNABLES })).toMatchObject({ GLIBC_TUNABLES });
});
