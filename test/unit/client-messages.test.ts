/** Texts for users: `fieldErrors` and `messageFor` of `@postern/client`, and both with the texts of one language. */
import { describe, expect, test } from 'vitest';
import {
  englishErrors,
  errorMessage,
  fieldErrors,
  fieldMessages,
  messageFor,
  PosternError,
  type PosternErrorCode,
} from '../../packages/client/src/client.ts';
import { publicMessages } from '../../src/domain/errors.ts';

const fields = [
  { path: 'input.password', code: 'TOO_SHORT', message: 'Use at least 8 characters.' },
  { path: 'input.password', code: 'MISSING_CLASSES', message: 'Add a digit.' },
  { path: 'input.email', code: 'INVALID_EMAIL', message: 'Enter an e-mail address.' },
  { path: 'representations', code: 'NEW_CODE', message: 'Send at most 100.' },
  { path: 'input.__proto__', code: 'INVALID', message: 'Remove this.' },
];
const refused = new PosternError('BAD_USER_INPUT', 'Invalid input.', { fields });

describe('fieldErrors', () => {
  test('groups the problems by field, without the leading "input"', () => {
    const errors = fieldErrors(refused);
    expect(errors).toMatchObject({
      password: ['Use at least 8 characters.', 'Add a digit.'],
      email: ['Enter an e-mail address.'],
      representations: ['Send at most 100.'],
    });
    expect(Object.keys(errors)).toContain('__proto__');
  });

  test('has German texts, and uses the text of the gateway for unknown codes', () => {
    const { password, representations } = fieldErrors(refused, 'de-AT');
    expect(password).toEqual([expect.stringContaining('kurz'), expect.stringContaining('Ziffern')]);
    expect(representations).toEqual(['Send at most 100.']);
  });

  test('reads the problems from an error of Apollo Client', () => {
    const extensions = { code: 'BAD_USER_INPUT', fields };
    const error = Object.assign(new Error('x'), { errors: [{ message: 'x', extensions }] });
    expect(fieldErrors(error).email).toEqual(['Enter an e-mail address.']);
  });

  test.each([null, undefined, 'text', new Error('x'), new PosternError('CONFLICT', 'x')])(
    'is empty for %s',
    (error) => {
      expect(fieldErrors(error)).toEqual({});
    },
  );

  test.each(['TOO_SHORT', 'TOO_LONG', 'TOO_COMMON', 'MISSING_CLASSES', 'CONTEXT_WORD', 'BREACHED', 'REUSED'])(
    'translates the password reason %s',
    (code) => {
      const error = new PosternError('BAD_USER_INPUT', 'x', {
        fields: [{ path: 'input.password', code, message: 'English' }],
      });
      expect(fieldErrors(error, 'de').password?.[0]).not.toBe('English');
      expect(fieldErrors(error, 'en').password).toEqual(['English']);
    },
  );
});

describe('messageFor', () => {
  const own: PosternErrorCode[] = [
    'NO_ANSWER',
    'INVALID_OPTIONS',
    'PASSKEY_CANCELLED',
    'PASSKEY_UNSUPPORTED',
    'PASSKEY_ALREADY_REGISTERED',
    'PASSKEY_FAILED',
  ];
  const codes = [...Object.keys(publicMessages), ...own];

  test.each(codes)('has a text for %s in both languages', (code) => {
    // Another message would be the words of the operator's hook.
    const message = code === 'REFUSED_BY_POLICY' ? publicMessages[code] : 'internal text';
    const error = Object.assign(new PosternError('CONFLICT', message), { code });
    const [en, de] = [messageFor(error, 'en'), messageFor(error, 'de')];
    expect(en).not.toBe(de);
    const unknown = messageFor(new Error('x'));
    if (code !== 'INTERNAL_SERVER_ERROR') expect(en).not.toBe(unknown);
    for (const text of [en, de]) expect(text).not.toMatch(/internal text|[{}_]|extensions|reauthenticate\b/);
  });

  test('shows the words of the hook that refused', () => {
    const error = new PosternError('REFUSED_BY_POLICY', 'Sign in from the office.');
    expect([messageFor(error, 'en'), messageFor(error, 'de')]).toEqual(Array(2).fill('Sign in from the office.'));
  });

  test.each([
    [1, 'in 1 second.', 'in 1 Sekunde '],
    [59, 'in 59 seconds.', 'in 59 Sekunden '],
    [60, 'in 1 minute.', 'in 1 Minute '],
    [61, 'in 2 minutes.', 'in 2 Minuten '],
    [900, 'in 15 minutes.', 'in 15 Minuten '],
  ])('includes a wait of %s seconds', (retryAfter, en, de) => {
    const error = new PosternError('TOO_MANY_ATTEMPTS', 'x', { retryAfter });
    expect(messageFor(error)).toContain(en);
    expect(messageFor(error, 'de_DE')).toContain(de);
  });

  test.each(['fr', '', 'deutsch', 'en-GB', 'x'.repeat(10_000)])('answers in English for the locale %s', (locale) => {
    expect(messageFor(refused, locale)).toBe('Check your input.');
  });
});

describe('A language of the app', () => {
  const french = {
    codes: { ...englishErrors.codes, BAD_USER_INPUT: 'Vérifiez votre saisie.', RATE_LIMITED: 'Réessayez dans {wait}.' },
    fields: { TOO_SHORT: 'Trop court.' },
    second: ['seconde', 'secondes'],
    minute: ['minute', 'minutes'],
  } as const;

  test('has its own sentences, and waits in its own words', () => {
    expect(errorMessage(refused, french)).toBe('Vérifiez votre saisie.');
    const limited = new PosternError('RATE_LIMITED', 'x', { retryAfter: 30 });
    expect(errorMessage(limited, french, 28)).toBe('Réessayez dans 2 secondes.');
    expect(fieldMessages(refused, french).password).toEqual(['Trop court.', 'Add a digit.']);
  });

  test.each(['toString', '__proto__', 'FUTURE_CODE'])('has no text for the code %s', (code) => {
    const error = Object.assign(new PosternError('CONFLICT', 'x'), { code });
    expect(errorMessage(error, french)).toBe(englishErrors.codes.INTERNAL_SERVER_ERROR);
  });
});
