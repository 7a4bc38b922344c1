/** The domain's services over one unit of work: made for each request, and for each command. */
import { AuditTrail } from './audit-trail.ts';
import type { DomainDependencies } from './dependencies.ts';
import { Invitations } from './invitations.ts';
import type { PasswordPolicy } from './password-policy.ts';
import { PasswordResets } from './password-resets.ts';
import { Profiles } from './profile.ts';
import { Registrations } from './registration.ts';
import { SecurityOverviews } from './security-overview.ts';
import { Sessions } from './sessions.ts';
import { SignIns } from './sign-in.ts';
import { Users } from './users.ts';

export interface Services {
  registrations: Registrations;
  signIns: SignIns;
  sessions: Sessions;
  passwordResets: PasswordResets;
  profiles: Profiles;
  invitations: Invitations;
  users: Users;
  auditTrail: AuditTrail;
  securityOverviews: SecurityOverviews;
  passwordPolicy: PasswordPolicy;
}

export function createServices(deps: DomainDependencies): Services {
  return {
    registrations: new Registrations(deps),
    signIns: new SignIns(deps),
    sessions: new Sessions(deps),
    passwordResets: new PasswordResets(deps),
    profiles: new Profiles(deps),
    invitations: new Invitations(deps),
    users: new Users(deps),
    auditTrail: new AuditTrail(deps),
    securityOverviews: new SecurityOverviews(deps),
    passwordPolicy: deps.settings.passwordPolicy,
  };
}
