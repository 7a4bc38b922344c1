/** Which folder of src may import which (docs/architecture.md), and which package is used where. */
const folder = (path) => `^src/${path}/`;

/** What each folder may import besides itself and the files at the root of src. */
const arrows = {
  http: ['graphql', 'domain'],
  graphql: ['domain', 'ratelimit'],
  domain: ['persistence', 'security', 'mail', 'sms', 'outbound'],
  persistence: [],
  security: [],
  mail: ['persistence'],
  sms: ['persistence', 'mail', 'outbound'],
  ratelimit: [],
  outbound: ['security'],
  metrics: [],
};

/** The folders of the domain. Each may import those of its own line, those of the lines above it, and the root. */
const domainOrder = [
  ['text'],
  ['events'],
  ['audit'],
  ['access', 'attempts', 'risk', 'hooks'],
  ['sessions', 'applications'],
  ['factors', 'identities'],
  ['passwords', 'sign-in'],
  ['accounts'],
  ['administration', 'operations', 'webhooks'],
];

const domain = (names) => `^src/domain/(${names.join('|')})/`;

const upward = domainOrder.map((names, line) => ({
  name: `domain-${names.join('-')}-imports-against-the-order`,
  severity: 'error',
  from: { path: domain(names) },
  to: { path: '^src/domain/[^/]+/', pathNot: domainOrder.slice(0, line + 1).map(domain) },
}));

const rootOfDomain = {
  name: 'the-root-of-the-domain-imports-only-the-audit-record-of-its-folders',
  severity: 'error',
  from: { path: '^src/domain/[^/]+\\.ts$', pathNot: '^src/domain/settings\\.ts$' },
  to: { path: '^src/domain/[^/]+/', pathNot: '^src/domain/audit/(record|actions)\\.ts$' },
};

const funnel = {
  name: 'only-the-sign-in-funnel-starts-sessions',
  comment: 'Every way of signing in runs the steps of domain/sign-in/README.md.',
  severity: 'error',
  from: { path: '^src/', pathNot: folder('domain/sign-in') },
  to: { path: '^src/domain/sessions/start\\.ts$' },
};

const outward = Object.entries(arrows).map(([from, allowed]) => ({
  name: `${from}-imports-against-the-arrows`,
  severity: 'error',
  from: { path: folder(from) },
  to: {
    path: '^src/',
    pathNot: [
      folder(from),
      folder('metrics'),
      '^src/(logger|loopback|queue-worker|trace|url-hosts|version)\\.ts$',
      ...allowed.map(folder),
    ],
  },
}));

const gateway = '^packages/gateway/src/';

/** Packages, and the only places that may import them. */
const homes = {
  '(fastify|@fastify/.*)': [folder('http'), '^src/app/'],
  '(@apollo/(?!client/).*|graphql|graphql-scalars|graphql-shield|graphql-middleware|graphql-rate-limit|type-graphql)': [
    folder('graphql'),
    gateway,
    '^src/http/(options|endpoints/graphql)\\.ts$',
  ],
  '@graphql-yoga/.*': ['^src/http/pages/console\\.ts$'],
  dataloader: [folder('graphql'), '^src/persistence/batches\\.ts$'],
  '(@mikro-orm/.*|pg|pg-connection-string|kysely)': [folder('persistence'), '^migrations/'],
  '(argon2|bcrypt|jsonwebtoken|otplib|qrcode|@simplewebauthn/.*|@zxcvbn-ts/.*)': [folder('security')],
  jose: ['^packages/verify/src/', folder('outbound')],
  'openid-client': [folder('outbound')],
  'graphql-request': ['^packages/client/src/'],
  '@apollo/client': ['^packages/client/src/apollo\\.ts$'],
  '@urql/.*': ['^packages/client/src/urql\\.ts$'],
  nodemailer: [folder('mail')],
  'libphonenumber-js': ['^src/domain/text/phone-number\\.ts$'],
  '(ioredis|rate-limiter-flexible)': [folder('ratelimit'), `${gateway}limits\\.ts$`],
  commander: [folder('cli')],
  zod: [folder('config')],
  pino: ['^src/logger\\.ts$'],
  'prom-client': [folder('metrics'), `${gateway}process/process-metrics\\.ts$`],
  '@graphql-hive/.*': [gateway],
  '@opentelemetry/.*': ['^src/app/(telemetry|tracing|span-queue)\\.ts$'],
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
      from: {
        orphan: true,
        path: '^(src|packages)/',
        pathNot: [
          '^src/main\\.ts$',
          '\\.d\\.ts$',
          '^packages/react/src/(forms/|ui/|timeline/)?index\\.ts$',
          '^packages/(account|console)/src/paths\\.ts$',
        ],
      },
      to: {},
    },
    {
      name: 'domain-takes-only-the-vocabulary-of-mail',
      severity: 'error',
      from: { path: folder('domain') },
      to: { path: folder('mail'), pathNot: '^src/mail/(mail|locales)\\.ts$' },
    },
    {
      name: 'domain-takes-only-the-vocabulary-of-sms',
      severity: 'error',
      from: { path: folder('domain') },
      to: { path: folder('sms'), pathNot: '^src/sms/sms\\.ts$' },
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
      to: {
        path: '^(src|packages|migrations)/',
        pathNot: ['^packages/$1/', '^packages/(client|react|verify)/(dist|styles)/', '^packages/pages/'],
      },
    },
    {
      name: 'src-imports-nothing-from-packages',
      severity: 'error',
      from: { path: '^(src|migrations)/' },
      to: { path: '^packages/|node_modules/@postern/' },
    },
    ...outward,
    ...upward,
    rootOfDomain,
    funnel,
    ...packages,
  ],
  options: {
    doNotFollow: { path: 'node_modules|^packages/[^/]+/dist/' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
};
