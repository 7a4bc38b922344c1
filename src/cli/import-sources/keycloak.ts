/** Keycloak: a user of a realm export. Its hashes are PBKDF2, and Argon2id from version 25. */
import type { ImportRow, ImportWarning, RowProblem } from '../../domain/administration/import/row.ts';
import { formatPhc } from '../../security/foreign-hashes/phc.ts';
import { flag, id, integer, list, type Members, members, parsed, text, time } from './fields.ts';

export function fromKeycloak(user: Members): ImportRow | RowProblem {
  const externalId = id(user, 'id');
  const email = text(user, 'email');
  if (externalId === null) return 'MISSING_EXTERNAL_ID';
  if (email === null) return 'INVALID_EMAIL';
  const credentials = list(user, 'credentials');
  const password = credentials.find((each) => text(each, 'type') === 'password');
  const otp = credentials.find((each) => text(each, 'type') === 'otp');
  const totpSecret = otp ? totpSecretOf(otp) : null;
  const warnings: ImportWarning[] = otp && totpSecret === null ? ['SECOND_FACTOR_NOT_IMPORTED'] : [];
  return {
    externalId,
    email,
    emailVerified: flag(user, 'emailVerified'),
    displayName: [text(user, 'firstName'), text(user, 'lastName')].filter((part) => part !== null).join(' ') || null,
    isSuspended: user.enabled === false,
    createdAt: time(user, 'createdTimestamp'),
    passwordHash: password ? hashOf(password) : null,
    totpSecret,
    identities: list(user, 'federatedIdentities').flatMap((identity) => {
      const provider = text(identity, 'identityProvider');
      const subject = id(identity, 'userId');
      return provider === null || subject === null ? [] : [{ provider, subject }];
    }),
    warnings,
  };
}

/** @returns the text as it is where the algorithm is unknown: the import refuses it */
function hashOf(credential: Members): string {
  const secret = parsed(credential, 'secretData');
  const data = parsed(credential, 'credentialData');
  const [digest, salt] = ['value', 'salt'].map((name) => Buffer.from(text(secret, name) ?? '', 'base64'));
  const algorithm = text(data, 'algorithm') ?? '';
  const iterations = integer(data, 'hashIterations') ?? 0;
  if (!digest || !salt) return algorithm;
  if (algorithm === 'argon2') return argon2HashOf(members(data, 'additionalParameters'), iterations, salt, digest);
  return algorithm.startsWith('pbkdf2-') ? formatPhc(algorithm, { i: iterations }, salt, digest) : algorithm;
}

function argon2HashOf(parameters: Members, passes: number, salt: Buffer, digest: Buffer): string {
  const first = (name: string) => {
    const value = parameters[name];
    return Array.isArray(value) ? String(value[0]) : '';
  };
  if (first('version') !== '1.3') return 'argon2';
  const cost = { m: Number(first('memory')), t: passes, p: Number(first('parallelism')) };
  return formatPhc(`argon2${first('type')}$v=19`, cost, salt, digest);
}

/** Keycloak stores the bytes of the secret as text, or Base32. Only what every authenticator app supports is taken over. */
function totpSecretOf(credential: Members): string | null {
  const data = parsed(credential, 'credentialData');
  const isUsual =
    text(data, 'subType') === 'totp' &&
    integer(data, 'digits') === 6 &&
    integer(data, 'period') === 30 &&
    text(data, 'algorithm') === 'HmacSHA1';
  const value = text(parsed(credential, 'secretData'), 'value');
  if (!isUsual || value === null) return null;
  return text(data, 'secretEncoding') === 'BASE32' ? value : toBase32(Buffer.from(value));
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 6, without padding. */
function toBase32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)] ?? '').join('');
}
