/** The PHC string format: `$id$name=value,…$salt$digest`, in Base64 without padding. */

export interface PhcString {
  id: string;
  numbers: ReadonlyMap<string, number>;
  texts: ReadonlyMap<string, Buffer>;
  salt: Buffer;
  digest: Buffer;
}

const pattern =
  /^\$([a-z0-9-]{1,32})\$((?:[a-z]{1,2}=[^,$]{1,512},?){1,8})\$([A-Za-z0-9+/]{1,256})\$([A-Za-z0-9+/]{16,256})$/;
const number = /^(?:0|[1-9]\d{0,9})$/;
/** Shorter digests would match too many passwords; an empty one matches all. */
const minDigestBytes = 16;

/**
 * @param names of the parameters, each of which must occur once: numbers, and texts in Base64
 * @returns null for a text in another form
 */
export function parsePhc(
  text: string,
  names: { numbers: readonly string[]; texts?: readonly string[] },
): PhcString | null {
  const [, id, list, saltText, digestText] = pattern.exec(text) ?? [];
  if (!id || !list || !saltText || !digestText) return null;
  const pairs = list
    .split(',')
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const);
  const given = new Map(pairs);
  const wanted = [...names.numbers, ...(names.texts ?? [])];
  if (pairs.length !== wanted.length || wanted.some((name) => !given.has(name))) return null;
  if (names.numbers.some((name) => !number.test(given.get(name) ?? ''))) return null;
  const [salt, digest] = [fromBase64(saltText), fromBase64(digestText)];
  const texts = new Map((names.texts ?? []).map((name) => [name, fromBase64(given.get(name) ?? '')] as const));
  if (!salt || !digest || digest.length < minDigestBytes || [...texts.values()].includes(null)) return null;
  const numbers = new Map(names.numbers.map((name) => [name, Number(given.get(name))] as const));
  return {
    id,
    numbers,
    texts: new Map([...texts].flatMap(([name, value]) => (value ? [[name, value]] : []))),
    salt,
    digest,
  };
}

export function formatPhc(
  id: string,
  parameters: Readonly<Record<string, number | Buffer>>,
  salt: Buffer,
  digest: Buffer,
) {
  const list = Object.entries(parameters).map(
    ([name, value]) => `${name}=${Buffer.isBuffer(value) ? toBase64(value) : value}`,
  );
  return `$${id}$${list.join(',')}$${toBase64(salt)}$${toBase64(digest)}`;
}

/** Only the canonical form: one value has one text. */
function fromBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return toBase64(bytes) === text ? bytes : null;
}

function toBase64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
