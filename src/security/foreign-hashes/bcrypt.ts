/** bcrypt, as Auth0 and Supabase store it. It reads 72 bytes of a password at most. */
import type { HashReader } from './foreign-hash.ts';

const pattern = /^\$2[aby]\$(\d\d)\$([./A-Za-z0-9]{53})$/;
/** Cost 14 takes about a second. */
const costs = { min: 4, max: 14 };

export const readBcrypt: HashReader = (text) => {
  const [, cost, rest] = pattern.exec(text) ?? [];
  if (!cost || !rest) return null;
  if (Number(cost) < costs.min) return 'UNKNOWN_HASH';
  if (Number(cost) > costs.max) return 'HASH_TOO_EXPENSIVE';
  // The package knows only this prefix for what PHP and Apache call 2y.
  const encoded = `$2b$${cost}$${rest}`;
  return {
    encoded,
    async matches(password) {
      // Loaded by the first imported user who signs in.
      const { default: bcrypt } = await import('bcrypt');
      return bcrypt.compare(password, encoded);
    },
  };
};
