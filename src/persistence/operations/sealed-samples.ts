/** Sealed values of every kind, to check that SECRET opens them. The oldest: an earlier secret may have sealed them. */
import type { EntityManager } from '@mikro-orm/postgresql';

export interface SealedSample {
  kind: string;
  /** The associated data. */
  boundTo: string;
  sealed: Buffer;
}

/** Of users' secrets and of mails. */
const maxOfKind = 100;

/** The private parts of retired keys are not needed again. */
export function findSealedSamples(em: EntityManager): Promise<SealedSample[]> {
  return em.execute<SealedSample[]>(
    `select 'signing keys' as kind, kid as "boundTo", private_key_sealed as sealed
       from signing_keys where state <> 'retired'
     union all select 'audit keys', 'audit:' || kid, private_key_sealed from audit_keys
     union all (select 'secrets of authenticator apps', user_id::text, secret_sealed
       from totp_secrets order by user_id limit ${maxOfKind})
     union all select 'secrets of identity providers', id::text, secret_sealed
       from federated_providers where secret_sealed is not null
     union all (select 'tokens of identity providers', id::text, tokens_sealed
       from identities where tokens_sealed is not null order by id limit ${maxOfKind})
     union all select 'secrets of webhooks', id::text, secret_sealed from webhooks
     union all (select 'pending mails', id::text, content_sealed
       from outbox_mails where state = 'pending' order by next_attempt_at limit ${maxOfKind})`,
  );
}
