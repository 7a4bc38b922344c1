/** The owner of a key: a user or a service account. */

export interface KeyOwnerIds {
  /** One of the two is null. */
  userId: string | null;
  serviceAccountId: string | null;
}

/** The target of audit entries about a key: users then find those about their keys among their own. */
export function targetOf({ userId, serviceAccountId }: KeyOwnerIds): {
  type: 'user' | 'service_account';
  id: string;
} {
  return userId === null ? { type: 'service_account', id: serviceAccountId ?? '' } : { type: 'user', id: userId };
}
