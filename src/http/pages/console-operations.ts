/**
 * The operations that both consoles, Sandbox and GraphiQL, open at first: the first steps, and the common tasks of
 * administrators in their usual order. README, "The console", lists them; a test validates each.
 */
export interface ConsoleOperation {
  name: string;
  /** The purpose, as a title for the user. */
  task: string;
  text: string;
  /** The variables to fill in before the first run. The same name has the same meaning in every operation. */
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
    task: 'The rules for passwords.\nRequires no account: press the button.',
    text: `query Policy {
  passwordPolicy {
    preset minLength maxLength requiredClasses
  }
}`,
    variables: {},
  },
  {
    name: 'Register',
    task: 'Create an account.\nThe mail arrives at /dev/mailbox (development).',
    text: `mutation Register($email: EmailAddress!, $password: String!) {
  register(input: { email: $email, password: $password }) {
    status
  }
}`,
    variables: { email: 'ada@example.com', password: '' },
  },
  {
    name: 'SignIn',
    task: 'Returns a session, or a ticket for SecondFactor.',
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
    task: 'Enter the ticket of SignIn and the code of your app,\nor a backup code with `method: BACKUP_CODE`.',
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
    task: 'The signed-in user and their permissions.',
    text: `query WhoAmI {
  viewer { id email displayName permissions role { name } }
}`,
    variables: {},
  },
  {
    name: 'Refresh',
    task: 'Exchange the latest refresh token\nfor the next access token.',
    text: `mutation Refresh($refreshToken: String!) {
  refresh(input: { refreshToken: $refreshToken }) {
    accessToken refreshToken accessTokenExpiresAt
  }
}`,
    variables: { refreshToken: '' },
  },
  {
    name: 'FindUser',
    task: 'Find users by the beginning of the address. The next\noperations need their id as a variable.',
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
    task: 'Remove the lockout that failed attempts caused.',
    text: change('Unlock', 'unlockUser'),
    variables: whom,
  },
  {
    name: 'Suspend',
    task: 'Suspend a user. Their sessions are revoked at once.',
    text: change('Suspend', 'suspendUser'),
    variables: whom,
  },
  {
    name: 'Reactivate',
    task: 'Reactivate a suspended user.',
    text: change('Reactivate', 'reactivateUser'),
    variables: whom,
  },
  {
    name: 'Invite',
    task: 'Create an account. The owner receives a mail\nwith a link to choose the password.',
    text: `mutation Invite($invited: EmailAddress!, $role: String!) {
  createUser(input: { email: $invited, role: $role }) {
    user { id email status role { name } }
  }
}`,
    variables: { invited: 'grace@example.com', role: 'MODERATOR' },
  },
  {
    name: 'ChangeRole',
    task: 'Assign a role of a lower rank than yours.\nIt takes effect on the next request of the user.',
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
    task: 'Remove the second factors of a user without access to\nthem. Verify the identity of the user first.',
    text: change('ResetMfa', 'resetUserMfa'),
    variables: whom,
  },
  {
    name: 'AuditTrail',
    task: 'The audit entries about a user, newest first.',
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
    task: 'Security metrics: sessions, sign-ins, failures,\nlockouts and second factors.',
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
    task: 'Verify the newest entries of the audit trail.',
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

/** With the purpose above it. */
export function documentOf({ task, text }: ConsoleOperation): string {
  return `${task.replace(/^/gm, '# ')}\n${text}\n`;
}
