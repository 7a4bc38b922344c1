/**
 * The user in the answer of `importUser`. It has no role and no permissions: a hook never grants any. Its values are checked
 * by the import (administration/import/check-row.ts).
 */
import { assertKnown, InvalidAnswer, type Members, membersOf, readBoolean, readText } from './answer-members.ts';

/** A user of another system, which has verified the password. */
export interface UserElsewhere {
  /** The id there. */
  externalId: string | null;
  /** Null: the address that the hook was asked about. */
  email: string | null;
  emailVerified: boolean;
  displayName: string | null;
  locale: string | null;
  createdAt: Date | null;
  /** Of the authenticator app, Base32. */
  totpSecret: string | null;
  identities: { provider: string; subject: string; email: string | null }[];
}

const names = [
  ...['externalId', 'email', 'emailVerified', 'displayName', 'locale', 'createdAt', 'totpSecret', 'identities'],
];
const identityNames = ['provider', 'subject', 'email'];

/** @throws InvalidAnswer */
export function readUserElsewhere(value: unknown): UserElsewhere | null {
  if (value === undefined || value === null) return null;
  const members = membersOf(value, 'user');
  assertKnown(members, names, 'user');
  return {
    externalId: readText(members, 'externalId'),
    email: readText(members, 'email'),
    emailVerified: readBoolean(members, 'emailVerified'),
    displayName: readText(members, 'displayName'),
    locale: readText(members, 'locale'),
    createdAt: readTime(members, 'createdAt'),
    totpSecret: readText(members, 'totpSecret'),
    identities: readIdentities(members),
  };
}

function readTime(members: Members, name: string): Date | null {
  const text = readText(members, name);
  const time = new Date(text ?? 0);
  if (Number.isNaN(time.getTime())) throw new InvalidAnswer(`${name}: not a time in ISO 8601`);
  return text === null ? null : time;
}

function readIdentities(members: Members): UserElsewhere['identities'] {
  const list = members.get('identities') ?? [];
  if (!Array.isArray(list)) throw new InvalidAnswer('identities: not a list');
  return list.map((entry: unknown) => {
    const identity = membersOf(entry, 'identities: an entry');
    assertKnown(identity, identityNames, 'identities: an entry');
    const [provider, subject] = [readText(identity, 'provider'), readText(identity, 'subject')];
    if (provider === null || subject === null) throw new InvalidAnswer('identities: without provider or subject');
    return { provider, subject, email: readText(identity, 'email') };
  });
}
