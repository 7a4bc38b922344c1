/** The text of messages (sms/text.ts). */
import { expect, test } from 'vitest';
import { mailLocales } from '../../src/mail/locales.ts';
import { smsText } from '../../src/sms/text.ts';

const appearance = { productName: 'Postern', domain: 'app.example.com', locale: 'en' } as const;
const sms = { to: '+4915123456789', code: '12345678', locale: null };

test('the text names product and code, and its last line binds the code to the page', () => {
  const lines = smsText(sms, appearance).split('\n');
  expect(lines[0]).toMatch(/^12345678 is your Postern code\./);
  expect(lines.at(-1)).toBe('@app.example.com #12345678');
});

test.each(mailLocales)('the text fits into one message and contains no link: %s', (locale) => {
  const text = smsText({ ...sms, locale }, appearance);
  expect(text.length).toBeLessThanOrEqual(160);
  expect(text).not.toMatch(/https?:/);
});

test('the reader’s language is used where it is known', () => {
  expect(smsText({ ...sms, locale: 'de-AT' }, appearance)).toMatch(/ist Ihr Code für Postern/);
  expect(smsText({ ...sms, locale: 'fr' }, { ...appearance, locale: 'de' })).toMatch(/ist Ihr Code/);
});
