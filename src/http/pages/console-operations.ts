/**
 * What both consoles, Sandbox and GraphiQL, have open when a person comes: the first steps, and the common tasks of
 * administrators in the order in which they are usually done. README, "The console", lists them; a test validates each.
 */
export interface ConsoleOperation {
  name: string;
  /** What it is for, as a person would say it. */
  task: string;
  text: string;
  /** What to fill in before it is run. The same name means the same thing everywhere. */
  variables: Readonly<Record<string, unknown>>;
}

const change = (name: string, field: string) => `mutation ${name}($userId: ID!, $reason: String) {
  ${field}(input: { userId: $userId, reason: $reason }) {
    user { id email status lockedUntil }
  }
}`;

const whom = { userId: '', reason: '' };

export const consoleOperations: readonly ConsoleOperation[] = [
  {
    name: 'Policy',
    task: 'What passwords have to be like.\nNeeds no account: press the button.',
    text: `query Policy {
  passwordPolicy {
    preset minLength maxLength requiredClasses
  }
}`,
    variables: {},
  },
  {
    name: 'Register',
    task: 'An account of your own.\nThe mail arrives at /dev/mailbox (development).',
    text: `mutation Register($email: EmailAddress!, $password: String!) {
  register(input: { email: $email, password: $password }) {
    status
  }
}`,
    variables: { email: 'ada@example.com', password: '' },
  },
  {
    name: 'SignIn',
    task: 'The answer is a session, or a ticket for SecondFactor.',
    text: `mutation SignIn($email: EmailAddress!, $password: String!) {
  login(input: { email: $email, password: $password }) {
    __typename
    ... on AuthSession {
      accessToken refreshToken accessTokenExpiresAt
      viewer { email role { name } }
    }
    ... on MfaChallenge { ticket methods expiresAt }
  }
}`,
    variables: { email: 'ada@example.com', password: '' },
  },
  {
    name: 'SecondFactor',
    task: 'The ticket of SignIn, and the code in your app.\nWith `method: BACKUP_CODE` one of the codes you kept.',
    text: `mutation SecondFactor($ticket: String!, $code: String!) {
  verifyMfa(
    input: { ticket: $ticket, method: TOTP, code: $code }
  ) {
    accessToken refreshToken accessTokenExpiresAt
    viewer { email role { name } }
  }
}`,
    variables: { ticket: '', code: '' },
  },
  {
    name: 'WhoAmI',
    task: 'Whom the access token speaks for, and what they may.',
    text: `query WhoAmI {
  viewer { id email displayName permissions role { name } }
}`,
    variables: {},
  },
  {
    name: 'Refresh',
    task: 'The next access token, for the refresh token\nof the last answer.',
    text: `mutation Refresh($refreshToken: String!) {
  refresh(input: { refreshToken: $refreshToken }) {
    accessToken refreshToken accessTokenExpiresAt
  }
}`,
    variables: { refreshToken: '' },
  },
  {
    name: 'FindUser',
    task: 'By how the address begins. Their id goes into\nthe variables of what comes next.',
    text: `query FindUser($begins: String) {
  users(first: 20, where: { email: $begins }) {
    nodes {
      id email displayName status role { name }
      lockedUntil lastLoginAt
    }
    pageInfo { hasNextPage endCursor }
  }
}`,
    variables: { begins: 'ada@' },
  },
  {
    name: 'Unlock',
    task: 'Lift the locks that wrong passwords and codes led to.',
    text: change('Unlock', 'unlockUser'),
    variables: whom,
  },
  {
    name: 'Suspend',
    task: 'Keep a user out. Their sessions end at once.',
    text: change('Suspend', 'suspendUser'),
    variables: whom,
  },
  {
    name: 'Reactivate',
    task: 'Let a suspended user in again.',
    text: change('Reactivate', 'reactivateUser'),
    variables: whom,
  },
  {
    name: 'Invite',
    task: 'Make an account. Its owner gets a mail with a link,\nand chooses the password.',
    text: `mutation Invite($invited: EmailAddress!, $role: String!) {
  createUser(input: { email: $invited, role: $role }) {
    user { id email status role { name } }
  }
}`,
    variables: { invited: 'grace@example.com', role: 'MODERATOR' },
  },
  {
    name: 'ChangeRole',
    task: 'To one below your own. It bites on their next request.',
    text: `mutation ChangeRole($userId: ID!, $role: String!, $reason: String) {
  setUserRole(
    input: { userId: $userId, role: $role, reason: $reason }
  ) {
    user { id email role { name rank permissions } }
  }
}`,
    variables: { userId: '', role: 'MODERATOR', reason: '' },
  },
  {
    name: 'ResetMfa',
    task: 'Take away the second factors of somebody who lost them,\nonce you are sure that it is them who asks.',
    text: change('ResetMfa', 'resetUserMfa'),
    variables: whom,
  },
  {
    name: 'AuditTrail',
    task: 'What a user did and what was done to them, newest first.',
    text: `query AuditTrail($userId: ID!) {
  user(id: $userId) {
    email
    auditEntries(first: 50) {
      nodes {
        occurredAt action outcome reason details
        actorLabel actor { id displayName }
        target { type id user { id displayName } }
        ipAddress requestId
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}`,
    variables: { userId: '' },
  },
  {
    name: 'Overview',
    task: 'Sessions, sign-ins and failures, locks, second factors:\nthe state of things in numbers.',
    text: `query Overview {
  securityOverview {
    since activeSessions lockedAccounts pendingRegistrations
    total { signIns signInFailures locks registrations tokenReuses }
    activity { from to signIns signInFailures locks }
    mfa { enabled users }
    mailQueue { pending oldestWaitingSeconds deadLetters }
  }
}`,
    variables: {},
  },
  {
    name: 'Integrity',
    task: 'Whether the audit trail is whole, and sealed up to where.',
    text: `query Integrity {
  auditIntegrity {
    whole complete checked waiting
    checkpoint { number sequence signedAt }
    problem { kind message sequence entryId }
  }
}`,
    variables: {},
  },
];

/** With what it is for above it. */
export function documentOf({ task, text }: ConsoleOperation): string {
  return `${task.replace(/^/gm, '# ')}\n${text}\n`;
}
