/** Percent-encoding that stands for UTF-8 (RFC 3986 2.5). Other bytes would be replaced by U+FFFD, one text for many. */
export function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
