/** Who is asking, and from where. Made once a request; every service that acts for somebody takes one. */
import type { AssuranceLevel, AuthMethod } from '../persistence/entities/token-family.ts';
import type { SessionStateRow } from '../persistence/queries/session-state.ts';
import type { Refusal } from './errors.ts';

export type { AssuranceLevel, AuthMethod };

export interface Role {
  name: string;
  rank: number;
  permissions: string[];
  system: boolean;
}

export interface Session {
  id: string;
  /** Whether it is the one the caller asks through. */
  current: boolean;
  createdAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
  ipAddress: string | null;
  userAgent: string | null;
  deviceName: string | null;
  assurance: AssuranceLevel;
  methods: AuthMethod[];
}

/** The signed-in user, as they are right now, and the session they ask through. */
export interface Viewer {
  id: string;
  email: string;
  emailVerified: boolean;
  displayName: string | null;
  role: Role;
  createdAt: Date;
  session: Session;
}

/** Where a request came from. */
export interface Client {
  ipAddress: string | null;
  userAgent: string | null;
  requestId: string;
  /** The device token it carries, from header or cookie; unchecked. */
  deviceToken: string | null;
}

/** Without a viewer, `refusal` says why nobody is signed in. */
export type Caller = { client: Client } & ({ viewer: Viewer; refusal: null } | { viewer: null; refusal: Refusal });

/** @throws Refusal when nobody is signed in */
export function viewerOf(caller: Caller): Viewer {
  if (caller.viewer === null) throw caller.refusal;
  return caller.viewer;
}

export function viewerFrom(row: SessionStateRow): Viewer {
  return {
    id: row.userId,
    email: row.email,
    emailVerified: row.emailVerifiedAt !== null,
    displayName: row.displayName,
    role: { name: row.role, rank: row.rank, permissions: row.permissions, system: row.system },
    createdAt: new Date(row.userCreatedAt),
    session: {
      id: row.sessionId,
      current: true,
      createdAt: new Date(row.sessionCreatedAt),
      lastUsedAt: new Date(row.rotatedAt),
      expiresAt: new Date(row.expiresAt),
      ipAddress: row.ipAddress,
      userAgent: row.userAgent,
      deviceName: row.deviceName,
      assurance: row.assurance,
      methods: row.methods,
    },
  };
}
