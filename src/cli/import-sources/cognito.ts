/** Cognito: a user of `aws cognito-idp list-users`. It exports no hashes. */
import type { ImportRow, RowProblem } from '../../domain/administration/import/row.ts';
import { isMembers, list, type Members, text, time } from './fields.ts';

export function fromCognito(user: Members): ImportRow | RowProblem {
  const attributes = new Map(list(user, 'Attributes').map((each) => [text(each, 'Name'), text(each, 'Value')]));
  const externalId = attributes.get('sub') ?? text(user, 'Username');
  const email = attributes.get('email');
  if (!externalId) return 'MISSING_EXTERNAL_ID';
  if (!email) return 'INVALID_EMAIL';
  return {
    externalId,
    email,
    emailVerified: attributes.get('email_verified') === 'true',
    displayName: attributes.get('name') ?? null,
    locale: attributes.get('locale') ?? null,
    isSuspended: user.Enabled === false,
    createdAt: time(user, 'UserCreateDate'),
    identities: identitiesOf(attributes.get('identities') ?? null),
  };
}

/** A JSON list within an attribute. Cognito names Google and Apple by its own words. */
function identitiesOf(json: string | null) {
  const issuers: Readonly<Record<string, string>> = {
    Google: 'https://accounts.google.com',
    SignInWithApple: 'https://appleid.apple.com',
  };
  return listIn(json).flatMap((identity) => {
    const provider = text(identity, 'providerName');
    const subject = text(identity, 'userId');
    return provider === null || subject === null ? [] : [{ provider: issuers[provider] ?? provider, subject }];
  });
}

function listIn(json: string | null): Members[] {
  if (json === null) return [];
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value.filter(isMembers) : [];
  } catch {
    return [];
  }
}
