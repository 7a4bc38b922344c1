/**
 * E-mail addresses (domain/text/email-address.ts): one spelling each, without characters that a mail header or a URL
 * parser would change.
 */
import { describe, expect, test } from 'vitest';
import { invalidEmail, normaliseEmail } from '../../src/domain/text/email-address.ts';

describe('accepted unchanged', () => {
  test.each([
    'ada@example.com',
    'a@example.com',
    'ada.lovelace@example.com',
    'ada+postern@example.com',
    'ada_lovelace-1815@mail.example.co.uk',
    "o'hara@example.com",
    '!#$%&*+-/=?^_`{|}~@example.com',
    'ada@xn--mnchen-3ya.de',
    'ada@1and1.example',
    'ada@123.example',
    'ädä@example.com',
    '用户@example.com',
    'info@xn--parallel-koa.cat',
    'ada@xn--ls8h.la',
    'ada@r3---sn-x.example.com',
  ])('%s', (address) => {
    expect(normaliseEmail(address)).toBe(address);
  });
});

describe('normalised', () => {
  test.each([
    ['letter case', 'Ada.LOVELACE@Example.COM', 'ada.lovelace@example.com'],
    ['surrounding white space', '  ada@example.com\t\r\n', 'ada@example.com'],
    ['a leading no-break space', '\u00a0ada@example.com', 'ada@example.com'],
    ['full-width letters', 'ａｄａ@example.com', 'ada@example.com'],
    ['a full-width at sign', 'ada＠example.com', 'ada@example.com'],
    ['a decomposed accent', 'rene\u0301@example.com', 'ren\u00e9@example.com'],
    ['an international domain', 'ada@münchen.de', 'ada@xn--mnchen-3ya.de'],
    ['an international domain in capitals', 'ada@MÜNCHEN.DE', 'ada@xn--mnchen-3ya.de'],
    ['a decomposed international domain', 'ada@mu\u0308nchen.de', 'ada@xn--mnchen-3ya.de'],
    ['a domain of another script', 'ada@例え.テスト', 'ada@xn--r8jz45g.xn--zckzah'],
    ['an ideographic full stop', 'ada@example。com', 'ada@example.com'],
    ['a half-width full stop', 'ada@example｡com', 'ada@example.com'],
    ['a Catalan middle dot', 'info@paral·lel.cat', 'info@xn--parallel-koa.cat'],
    ['a Hebrew gershayim', 'ada@א״ב.com', 'ada@xn--4dbc8h.com'],
    ['a Katakana middle dot', 'ada@カ・カ.jp', 'ada@xn--lcka3v.jp'],
    ['a joiner within a Persian word', 'ada@نامه\u200cای.com', 'ada@xn--mgba3gch31f060k.com'],
    ['an emoji', 'ada@💩.la', 'ada@xn--ls8h.la'],
    ['a Turkish capital I', 'İPEK@example.com', 'ipek@example.com'],
    ['a Turkish capital I in lower case', 'i\u0307pek@example.com', 'ipek@example.com'],
    ['a Turkish capital I in two characters', 'I\u0307PEK@example.com', 'ipek@example.com'],
    ['a Kelvin sign, which is canonically K', '\u212aate@example.com', 'kate@example.com'],
    ['a leading direction mark', '\u202aada@example.com', 'ada@example.com'],
    ['a direction mark on both sides', '\u202aada@example.com\u202c', 'ada@example.com'],
    ['a trailing zero-width space', 'ada@example.com\u200b', 'ada@example.com'],
    ['a leading byte order mark', '\ufeffada@example.com', 'ada@example.com'],
    ['alternating white space and marks', ' \u200e \u2060ada@example.com \u200b\t', 'ada@example.com'],
  ])('%s', (_what, given, expected) => {
    expect(normaliseEmail(given)).toBe(expected);
  });

  test('a normalised address stays the same', () => {
    for (const address of ['Ada@Example.com', 'ada@MÜNCHEN.de', 'ADA@例え.テスト', 'İstanbul@example.com']) {
      const once = normaliseEmail(address);
      expect(once).not.toBeNull();
      expect(normaliseEmail(once ?? '')).toBe(once);
    }
  });
});

describe('refused', () => {
  test.each([
    ['nothing', ''],
    ['white space', '   '],
    ['a missing at sign', 'ada.example.com'],
    ['nobody', '@example.com'],
    ['nowhere', 'ada@'],
    ['an at sign alone', '@'],
    ['two at signs', 'ada@lovelace@example.com'],
    ['a host without a dot', 'ada@localhost'],
    ['a leading dot', '.ada@example.com'],
    ['a trailing dot', 'ada.@example.com'],
    ['two dots', 'ada..lovelace@example.com'],
    ['an empty label', 'ada@example..com'],
    ['a dot before the domain', 'ada@.example.com'],
    ['a trailing dot of the domain', 'ada@example.com.'],
    ['a hyphen before a label', 'ada@-example.com'],
    ['a hyphen after a label', 'ada@example-.com'],
    ['an underscore in the domain', 'ada@exam_ple.com'],
    ['a blank inside', 'ada lovelace@example.com'],
    ['a blank in the domain', 'ada@exam ple.com'],
    ['a quoted name', '"ada lovelace"@example.com'],
    ['a display name', 'Ada <ada@example.com>'],
    ['two addresses', 'ada@example.com,eve@example.com'],
    ['two addresses with a semicolon', 'ada@example.com;eve@example.com'],
    ['a comment', 'ada(comment)@example.com'],
    ['a backslash', 'ada\\@example.com'],
    ['an address literal', 'ada@[127.0.0.1]'],
    ['an IPv6 literal', 'ada@[IPv6:::1]'],
    ['a mailto link', 'mailto:ada@example.com'],
    ['a zero-width space', 'a\u200bda@example.com'],
    ['a direction override', 'a\u202eda@example.com'],
    ['a port', 'ada@example.com:25'],
    ['a zero-width space in the domain', 'ada@exam\u200bple.com'],
    ['a soft hyphen in the domain', 'ada@exam\u00adple.com'],
    ['a joiner where no script joins', 'ada@a\u200cb.com'],
    ['a Hangul filler', 'a\u3164da@example.com'],
    ['marks alone', '\u200b\u202a'],
    ['an A-label without a name', 'ada@xn--a.com'],
    ['an empty A-label', 'ada@xn--.com'],
    ['an A-label of a name in ASCII', 'ada@xn--abc-.com'],
    ['an A-label with invalid Punycode', 'ada@mail.xn--zz.com'],
    ['an A-label of two where one is invalid', 'ada@xn--mnchen-3ya.xn--a'],
  ])('%s', (_what, text) => {
    expect(normaliseEmail(text)).toBeNull();
  });

  test.each([
    ['a ligature', '\ufb01ona@example.com'],
    ['a superscript', 'm\u00b2@example.com'],
    ['a half-width letter', '\uff76\uff85@example.com'],
    ['a Roman numeral', 'henry\u2163@example.com'],
    ['a circled digit', 'ada\u2460@example.com'],
    ['a long s', 'ro\u017fe@example.com'],
    ['a mathematical letter', '\u{1d41a}da@example.com'],
    ['a small at sign', 'ada\ufe6bexample.com'],
  ])('%s, which would become the address of another mailbox', (_what, text) => {
    expect(normaliseEmail(text)).toBeNull();
  });

  // The URL parser behind domainToASCII truncates or strips these; the result would be another address.
  test.each([
    ['a path after the domain', 'ada@example.com/inbox'],
    ['a query after the domain', 'ada@example.com?subject=x'],
    ['a fragment after the domain', 'ada@example.com#x'],
    ['a backslash after the domain', 'ada@example.com\\x'],
    ['percent encoding in the domain', 'ada@exa%6dple.com'],
    ['a tab in the domain', 'ada@exam\tple.com'],
    ['a line feed in the domain', 'ada@exam\nple.com'],
    ['a line break in the domain', 'ada@exam\r\nple.com'],
  ])('%s, which a URL parser would remove silently', (_what, text) => {
    expect(normaliseEmail(text)).toBeNull();
  });

  test.each([
    ['a number', 'ada@1'],
    ['an IPv4 address', 'ada@127.0.0.1'],
    ['an IPv4 address in hexadecimal', 'ada@0x7f.1'],
    ['an IPv4 address in full-width digits', 'ada@１２７.0.0.1'],
  ])('%s in place of the domain, which is not a domain name', (_what, text) => {
    expect(normaliseEmail(text)).toBeNull();
  });

  test.each([
    ['\r\n', 'CRLF'],
    ['\n', 'LF'],
    ['\r', 'CR'],
    ['\u0000', 'NUL'],
    ['\u0085', 'NEL'],
    ['\u2028', 'LINE SEPARATOR'],
    ['\u2029', 'PARAGRAPH SEPARATOR'],
  ])('a mail header after %j (%s) is rejected everywhere', (separator) => {
    expect(normaliseEmail(`ada@example.com${separator}Bcc: eve@example.com`)).toBeNull();
    expect(normaliseEmail(`ada${separator}Bcc: eve@example.com`)).toBeNull();
    expect(normaliseEmail(`ada${separator}x@example.com`)).toBeNull();
  });
});

describe('length', () => {
  const domainOf = (length: number) => {
    const labels = Array.from({ length: Math.ceil(length / 60) }, () => 'd'.repeat(59)).join('.');
    return `${labels.slice(0, length - 4)}.com`;
  };

  test('the local part has at most 64 characters', () => {
    expect(normaliseEmail(`${'a'.repeat(64)}@example.com`)).not.toBeNull();
    expect(normaliseEmail(`${'a'.repeat(65)}@example.com`)).toBeNull();
  });

  test('a label has at most 63 characters', () => {
    expect(normaliseEmail(`ada@${'d'.repeat(63)}.com`)).not.toBeNull();
    expect(normaliseEmail(`ada@${'d'.repeat(64)}.com`)).toBeNull();
  });

  test('the whole address has at most 254 characters', () => {
    const longest = `ada@${domainOf(250)}`;
    expect(longest).toHaveLength(254);
    expect(normaliseEmail(longest)).toBe(longest);
    expect(normaliseEmail(`a${longest}`)).toBeNull();
  });

  test('a megabyte is refused quickly', () => {
    expect(normaliseEmail(`${'a.'.repeat(500_000)}@example.com`)).toBeNull();
    expect(normaliseEmail(`a@${'a.'.repeat(500_000)}com`)).toBeNull();
    expect(normaliseEmail('@'.repeat(1_000_000))).toBeNull();
  });
});

test('the problem for a form has the field and an example, without the input', () => {
  expect(invalidEmail('input.email')).toEqual({
    path: 'input.email',
    code: 'INVALID_EMAIL',
    message: 'Enter an e-mail address, for example ada@example.com.',
  });
});
