/** What `postern doctor` says about secrets (config/secrets.ts): their lengths, never their text. */
import { expect, test } from 'vitest';
import { describeSecrets } from '../../src/config/secrets.ts';

test.each([
  ['postgresql://postern:p%25rd@db/postern', 4],
  ['postgresql://postern:p%rd@db/postern', 4],
  ['postgresql://postern:p%ZZd%@one:5432,two:5432/postern', 6],
])('the password in %s has its length, also with a literal percent sign', (url, length) => {
  expect(describeSecrets({ DATABASE_URL: url })).toMatch(`DATABASE_URL has a password of ${length} characters`);
});

test('a secret is described by its length alone', () => {
  const text = describeSecrets({ SECRET: 'an-example-of-a-secret' });
  expect(text).toMatch('SECRET has 22 characters');
  expect(text).not.toMatch('example');
});
