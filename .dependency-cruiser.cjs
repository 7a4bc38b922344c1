/** The arrows of the house: which room may import which (README, "The house"), and which package lives where. */
const room = (path) => `^src/${path}/`;

/** What each room may import of the others; itself and the ground (logger, metrics) always. */
const arrows = {
  http: ['graphql', 'domain'],
  graphql: ['domain', 'ratelimit'],
  domain: ['persistence', 'security', 'mail', 'breaches'],
  persistence: [],
  security: [],
  mail: ['persistence'],
  ratelimit: [],
  breaches: [],
};

const outward = Object.entries(arrows).map(([from, allowed]) => ({
  name: `${from}-imports-against-the-arrows`,
  severity: 'error',
  from: { path: room(from) },
  to: {
    path: '^src/',
    pathNot: [room(from), '^src/(logger|metrics|version)\\.ts$', ...allowed.map(room)],
  },
}));

/** Packages, and the only places that may import them. */
const homes = {
  '(fastify|@fastify/.*)': [room('http'), '^src/app/'],
  '(@apollo/(?!client/).*|graphql|graphql-scalars|graphql-shield|graphql-middleware|graphql-rate-limit|type-graphql)': [
    room('graphql'),
    '^src/http/(options|graphql)\\.ts$',
  ],
  '@graphql-yoga/.*': ['^src/http/console\\.ts$'],
  dataloader: [room('graphql')],
  '(@mikro-orm/.*|pg|pg-connection-string|kysely)': [room('persistence'), '^migrations/'],
  '(argon2|jsonwebtoken|otplib|qrcode|@simplewebauthn/.*|@zxcvbn-ts/.*)': [room('security')],
  jose: ['^packages/verify/src/'],
  'graphql-request': ['^packages/client/src/'],
  '@apollo/client': ['^packages/client/src/apollo\\.ts$'],
  '@urql/.*': ['^packages/client/src/urql\\.ts$'],
  nodemailer: [room('mail')],
  '(ioredis|rate-limiter-flexible)': [room('ratelimit')],
  commander: [room('cli')],
  zod: ['^src/config(-formats)?\\.ts$'],
  pino: ['^src/logger\\.ts$'],
  'prom-client': ['^src/metrics\\.ts$'],
};

const packages = Object.entries(homes).map(([name, paths]) => ({
  name: `${name}-lives-elsewhere`,
  severity: 'error',
  from: { path: '^(src|packages)/', pathNot: paths },
  to: { path: `node_modules/${name}/` },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^(src|packages)/', pathNot: '^src/main\\.ts$' },
      to: {},
    },
    {
      name: 'domain-takes-only-the-vocabulary-of-mail',
      severity: 'error',
      from: { path: room('domain') },
      to: { path: room('mail'), pathNot: '^src/mail/(mail|locales)\\.ts$' },
    },
    {
      name: 'no-drawers',
      severity: 'error',
      from: {},
      to: {
        path: '^src/.*/(utils|helpers|common|shared|manager|index)[./]|^src/(utils|helpers|common|shared|manager|index)[./]',
      },
    },
    {
      name: 'packages-import-nothing-from-src',
      comment: 'Other projects install the packages: everything they need is in their own folder.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^(src|packages|migrations)/', pathNot: '^packages/$1/' },
    },
    {
      name: 'src-imports-nothing-from-packages',
      severity: 'error',
      from: { path: '^(src|migrations)/' },
      to: { path: '^packages/|node_modules/@postern/' },
    },
    ...outward,
    ...packages,
  ],
  options: {
    doNotFollow: { path: 'node_modules|^packages/[^/]+/dist/' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
};
