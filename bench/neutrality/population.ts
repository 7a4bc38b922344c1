/** What is stored before the bench measures. */
import pg from 'pg';
import { type ApiKeyParts, hashSecret } from '../../src/security/api-key.ts';
import { createKeyRing } from '../../src/security/keys/key-ring.ts';
import { keyedHash } from '../../src/security/keys/keyed-hash.ts';
import { until } from '../../test/support/races/until.ts';
import { operations, password, takenNumberOf } from './experiments.ts';
import { keySecret, keys, samples, warmUps } from './keys.ts';
import { ask } from './request.ts';

export const templateEmail = 'template@example.com';

/** One user registers through the API; the others are copies. */
export async function populate(url: string, databaseUrl: string): Promise<void> {
  const email = templateEmail;
  await ask(url, operations.register, { email, password });
  const token = await until('the mail with the link', async () => {
    const mailbox = await (await fetch(`${url}/dev/mailbox`)).text();
    return /#token=([\w-]+)/.exec(mailbox)?.[1];
  });
  await ask(url, operations.verify, { token });
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    for (const kind of ['known', 'locks', 'taken', 'reset', 'often', 'gone', 'quiet', 'coded', 'again', 'typed']) {
      await client.query(
        `insert into users (id, email, email_verified_at, password_hash, role_name, status, created_at, updated_at)
         select gen_random_uuid(), $2 || '-' || n || '@example.com', email_verified_at, password_hash, role_name, status, created_at, updated_at
         from users, generate_series(0, $3::int) n where email = $1`,
        [email, kind, samples + warmUps],
      );
    }
    await client.query(`update users set status = 'DELETED', deleted_at = now() where email like 'gone-%'`);
    await insertPhones(client);
    await insertKeys(client, keys.known, null);
    await insertKeys(client, keys.revoked, new Date());
    // As autovacuum does: the first reader of new rows would otherwise write to their pages.
    await client.query('vacuum (analyze) users, api_keys, phones');
  } finally {
    await client.end();
  }
}

/** As `confirmPhone` would store them for other users. Nothing reads the sealed number of another user. */
async function insertPhones(client: pg.Client): Promise<void> {
  const keyRing = createKeyRing([keySecret]);
  const hashes = Array.from({ length: samples + warmUps }, (_, sample) =>
    keyedHash(keyRing, 'phone', takenNumberOf(sample)),
  );
  await client.query(
    `insert into phones (id, user_id, number_sealed, number_hash, country, factor, created_at, verified_at)
     select gen_random_uuid(), u.id, decode('00', 'hex'), n.hash, 'DE', false, now(), now()
     from unnest($1::bytea[]) with ordinality n (hash, serial) join users u on u.email = 'known-' || (n.serial - 1) || '@example.com'`,
    [hashes],
  );
}

/** As `createApiKey` would store them for the user of the template. */
async function insertKeys(client: pg.Client, minted: readonly ApiKeyParts[], revokedAt: Date | null): Promise<void> {
  const keyRing = createKeyRing([keySecret]);
  const hashes = minted.map(({ secret }) => hashSecret(keyRing, 'api-key', secret));
  await client.query(
    `insert into api_keys (id, lookup, user_id, name, scopes, secret_hash, secret_set_at, ip_allowlist, created_at, expires_at, revoked_at)
     select gen_random_uuid(), k.lookup, u.id, 'bench', '{profile:write}', k.hash, now(), '{}', now(), now() + interval '1 day', $3
     from unnest($1::text[], $2::bytea[]) k (lookup, hash), users u where u.email = 'template@example.com'`,
    [minted.map(({ lookup }) => lookup), hashes, revokedAt],
  );
}
