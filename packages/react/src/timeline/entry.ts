/** The data of the timeline: audit entries as the gateway returns them. */

export interface TimelinePerson {
  id: string;
  displayName: string | null;
}

export interface TimelineEntry {
  id: string;
  action: string;
  outcome: 'SUCCESS' | 'FAILURE' | 'DENIED';
  /** ISO 8601. */
  occurredAt: string;
  actor: TimelinePerson | null;
  /** The email address of the actor, for administrators. */
  actorLabel?: string | null;
  /** `label`: the email address of the user, for administrators. */
  target: { type: string; id: string; user: TimelinePerson | null; label?: string | null } | null;
  ipAddress: string | null;
  userAgent: string | null;
  reason: string | null;
  sessionId: string | null;
  requestId?: string;
  details: Readonly<Record<string, unknown>>;
  /** The seal in hex. null: not sealed yet. Absent: the page shows no seals. */
  hash?: string | null;
  /** The position in the chain. null: not sealed yet. */
  sequence?: number | null;
}
