/**
 * Documents that cost more than their size suggests, and the code of each refusal; ANY is one of the two codes of
 * graphql.
 */
export const many = (count: number, one: (index: number) => string, separator = ' ') =>
  Array.from({ length: count }, (_, index) => one(index)).join(separator);
export const signIn = 'login(input: { email: "a@example.com", password: "x" }) { __typename }';

export const costlyDocuments: [what: string, document: string, code: string][] = [
  ['aliased sign-ins', `mutation { ${many(90, (n) => `l${n}: ${signIn}`)} }`, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'sign-ins in fragments',
    `mutation { ${many(30, (n) => `...F${n}`)} } ${many(30, (n) => `fragment F${n} on Mutation { l${n}: ${signIn} }`)}`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['sign-ins that are skipped', `mutation { a: ${signIn} b: ${signIn.replace(' {', ' @skip(if: true) {')} }`, 'ANY'],
  ['the same field 490 times', `{ ${many(490, () => 'viewer { id }')} }`, 'GRAPHQL_VALIDATION_FAILED'],
  ['the same leaf 1900 times', `{ viewer { ${many(1900, () => 'id')} } }`, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'fragments that double sixty times',
    `{ viewer { ...F0 } } ${many(60, (n) => `fragment F${n} on Viewer { ...F${n + 1} ...F${n + 1} }`)} fragment F60 on Viewer { id }`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'fragments that run in circles',
    `{ viewer { ...F0 } } ${many(30, (n) => `fragment F${n} on Viewer { ${many(30, (m) => `...F${m}`)} }`)}`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['a fragment of itself', '{ viewer { ...F } } fragment F on Viewer { id ...F }', 'GRAPHQL_VALIDATION_FAILED'],
  [
    'fragments compared with each other',
    `{ viewer { ${many(150, (n) => `...F${n}`)} } } ${many(150, (n) => `fragment F${n} on Viewer { id email }`)}`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['fragments that are not there', `{ ${many(900, (n) => `...F${n}`)} }`, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'depth',
    `{ viewer { ${'sessions { edges { node '.repeat(3)} { id } ${'} } '.repeat(3)} } }`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['depth six hundred levels down', `${'{ a '.repeat(600)}${'}'.repeat(600)}`, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'width: long pages under many names',
    `{ ${many(60, (n) => `v${n}: viewer { sessions(first: 100) { edges { node { id } } } }`)} }`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'the schema twenty times',
    `{ ${many(20, (n) => `s${n}: __schema { types { name } }`)} }`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'introspection that runs in circles',
    `{ __schema ${'{ types { fields { type '.repeat(4)} { name } ${'} } } '.repeat(4)} }`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['a directive twice', `{ viewer { id ${many(200, () => '@skip(if: true)')} } }`, 'GRAPHQL_VALIDATION_FAILED'],
  ['directives that are not there', `{ viewer { id ${many(600, (n) => `@x${n}`)} } }`, 'GRAPHQL_VALIDATION_FAILED'],
  ['deferred parts', '{ ... @defer { viewer { id } } }', 'GRAPHQL_VALIDATION_FAILED'],
  [
    'arguments that are not there',
    `{ viewer(${many(480, (n) => `a${n}: 1`, ',')}) { id } }`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['an argument twice', '{ __type(name: "User", name: "User") { name } }', 'GRAPHQL_VALIDATION_FAILED'],
  [
    'a field of the input twice',
    'mutation { logout(input: { refreshToken: "a", refreshToken: "b" }) { revoked } }',
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['a variable twice', 'query ($a: Int, $a: Int) { viewer { id } }', 'GRAPHQL_VALIDATION_FAILED'],
  ['an operation twice', 'query A { viewer { id } } query A { viewer { id } }', 'GRAPHQL_VALIDATION_FAILED'],
  ['a fragment twice', '{ ...F } fragment F on Query { viewer { id } } fragment F on Query { viewer { id } }', 'ANY'],
  ['hundreds of operations', many(250, (n) => `query Q${n} { viewer { id } }`), 'GRAPHQL_VALIDATION_FAILED'],
  ['hundreds of variables', `query (${many(380, (n) => `$v${n}: Int`, ',')}) { viewer { id } }`, 'ANY'],
  [
    'lists nine hundred levels deep',
    `mutation { logout(input: ${'['.repeat(900)}${']'.repeat(900)}) { revoked } }`,
    'ANY',
  ],
  [
    'a list where one input is asked for',
    `mutation { logout(input: [${many(400, () => '{}', ',')}]) { revoked } }`,
    'ANY',
  ],
  ['more than 2000 tokens', `{ viewer { ${many(2100, (n) => `a${n}`)} } }`, 'GRAPHQL_PARSE_FAILED'],
  ['a name of 90 kB', `{ ${'x'.repeat(90_000)} }`, 'GRAPHQL_VALIDATION_FAILED'],
  ['a comment of 90 kB', `# ${'x'.repeat(90_000)}`, 'GRAPHQL_PARSE_FAILED'],
  ['commas of 90 kB', `{ viewer { id } }${','.repeat(90_000)}}`, 'GRAPHQL_PARSE_FAILED'],
];
