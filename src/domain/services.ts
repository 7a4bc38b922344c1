/** The domain's services over one unit of work: made for each request, and for each command. */
import type { DomainDependencies } from './dependencies.ts';
import { Invitations } from './invitations.ts';
import type { PasswordPolicy } from './password-policy.ts';
import { PasswordResets } from './password-resets.ts';
import { Profiles } from './profile.ts';
import { Reauthentications } from './reauthentication.ts';
import { Registrations } from './registration.ts';
import { Sessions } from './sessions.ts';
import { SignIns } from './sign-in.ts';

export interface Services {
  registrations: Registrations;
  signIns: SignIns;
  sessions: Sessions;
  reauthentications: Reauthentications;
  passwordResets: PasswordResets;
  profiles: Profiles;
  invitations: Invitations;
  passwordPolicy: PasswordPolicy;
}

export function createServices(deps: DomainDependencies): Services {
  return {
    registrations: new Registrations(deps),
    signIns: new SignIns(deps),
    sessions: new Sessions(deps),
    reauthentications: new Reauthentications(deps),
    passwordResets: new PasswordResets(deps),
    profiles: new Profiles(deps),
    invitations: new Invitations(deps),
    passwordPolicy: deps.settings.passwordPolicy,
  };
}
