/** The parameters of DATABASE_URL that Postern honours, and their values. Every other parameter is rejected by name. */

interface Parameter {
  values: RegExp;
  /** The valid values, for the error message. */
  hint: string;
}

const path = { values: /^[^\0]+$/, hint: 'use the path of a PEM file' };

const honoured: Readonly<Record<string, Parameter>> = {
  sslmode: {
    values: /^(disable|require|verify-ca|verify-full|no-verify)$/,
    hint: 'use disable, require, verify-ca or verify-full; prefer and allow would connect without TLS, too',
  },
  ssl: { values: /^(true|false|1|0)$/, hint: 'remove it and use sslmode' },
  sslrootcert: path,
  sslcert: path,
  sslkey: path,
  sslnegotiation: { values: /^(postgres|direct)$/, hint: 'use postgres or direct' },
  uselibpqcompat: { values: /^true$/, hint: 'remove it: sslmode always has the meaning of libpq' },
  channel_binding: {
    values: /^(disable|prefer)$/,
    hint: 'use disable or prefer; sslmode=verify-full authenticates the server',
  },
  gssencmode: { values: /^(disable|prefer)$/, hint: 'use disable: GSSAPI is not supported' },
  host: {
    values: /^[^,\0]+$/,
    hint: 'use one host, or the folder of a Unix socket; name several as in user@host1:5432,host2:5432/db',
  },
  port: {
    values: /^([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])$/,
    hint: 'use one port',
  },
  user: { values: /^[^\0]+$/, hint: 'use the name of a role' },
  password: { values: /^[^\0]+$/, hint: 'use a password' },
  schema: {
    values: /^(?!pg_|information_schema$)[a-z_][a-z0-9_]{0,62}$/,
    hint: 'use one schema, in lower case letters, digits and _',
  },
  options: { values: /^[^\0]+$/, hint: 'use options such as -c work_mem=8MB' },
  application_name: { values: /^[\x20-\x7e]{1,63}$/, hint: 'use up to 63 ASCII characters' },
  fallback_application_name: { values: /^[\x20-\x7e]{1,63}$/, hint: 'use up to 63 ASCII characters' },
  connect_timeout: { values: /^([1-9]|[1-5]\d|60)$/, hint: 'use 1 to 60 seconds' },
  client_encoding: { values: /^(utf-?8|auto)$/i, hint: 'remove it: it is always UTF8' },
  keepalives: { values: /^[01]$/, hint: 'use 0 or 1' },
  keepalives_idle: { values: /^\d{1,5}$/, hint: 'use seconds' },
  target_session_attrs: { values: /^(any|read-write|primary)$/, hint: 'use any, read-write or primary' },
};

/** What to do instead, for parameters that other programs take. */
const instead: Readonly<Record<string, string>> = {
  pgbouncer: 'remove it and set DATABASE_POOLER=transaction',
  connection_limit: 'remove it and set DATABASE_POOL_MAX',
  currentschema: 'remove it and use schema',
  search_path: 'remove it and use schema',
  dbname: 'remove it and name the database in the path',
};

/** Settings that Postern makes on every connection, so that a value in `options` would have no effect. */
const ownSettings =
  /(?:-c\s*|--)(datestyle|intervalstyle|timezone|bytea[-_]output|client[-_]encoding|default[-_]transaction[-_]isolation|standard[-_]conforming[-_]strings|log[-_]parameter[-_]max[-_]length[-_]on[-_]error|(?:statement|lock|idle[-_]in[-_]transaction[-_]session)[-_]timeout)\s*=/i;
/** The schema is created and searched by its parameter only. */
const searchPath = /(?:-c\s*|--)search[-_]path\s*=/i;

export function parameterProblems(search: URLSearchParams, pooler: 'none' | 'transaction'): string[] {
  const names = [...new Set(search.keys())];
  const problems = names.flatMap((name) => problemOf(name, search.getAll(name)) ?? []);
  if (search.has('ssl') && search.has('sslmode')) problems.push('ssl: remove it, sslmode is set');
  const overridden = ownSettings.exec(search.get('options') ?? '')?.[1];
  if (overridden) problems.push(`options: leave out ${overridden.toLowerCase()}, Postern sets it on every connection`);
  if (searchPath.test(search.get('options') ?? '')) problems.push('options: leave out search_path and use schema');
  if (pooler === 'none') return problems;
  // A transaction pooler can use another server connection for each transaction, without these settings.
  const perRole = 'remove it with DATABASE_POOLER=transaction and set it for the role';
  if (search.has('options')) problems.push(`options: ${perRole}: ALTER ROLE ... SET ...`);
  if (search.has('schema')) problems.push(`schema: ${perRole}: ALTER ROLE ... SET search_path = ...`);
  return problems;
}

function problemOf(name: string, values: readonly string[]): string | null {
  const known = Object.hasOwn(honoured, name) ? honoured[name] : undefined;
  if (!known) {
    // An invalid name may be part of a password that is not percent-encoded.
    const shown = /^[a-z_]{1,40}$/i.test(name) ? name : 'a parameter';
    return `${shown}: is not supported; ${instead[name.toLowerCase()] ?? 'remove it'}`;
  }
  if (values.length > 1) return `${name}: is set ${values.length} times; set it once`;
  return known.values.test(values[0] ?? '') ? null : `${name}: ${known.hint}`;
}
