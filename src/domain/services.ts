/** The domain's services over one unit of work: made for each request, and for each command. */

import { DataExports } from './accounts/data-export.ts';
import { Disownings } from './accounts/disowning.ts';
import { EmailChanges } from './accounts/email-changes.ts';
import { PasswordResets } from './accounts/password-resets.ts';
import { Registrations } from './accounts/registration.ts';
import { Invitations } from './administration/invitations.ts';
import { Roles } from './administration/roles.ts';
import { UserAdministration } from './administration/user-administration.ts';
import { Users } from './administration/users.ts';
import type { DomainDependencies } from './dependencies.ts';
import { type PublicPasswordPolicy, publicPasswordPolicy } from './passwords/new-password.ts';

export interface Services {
  registrations: Registrations;
  passwordResets: PasswordResets;
  emailChanges: EmailChanges;
  disownings: Disownings;
  dataExports: DataExports;
  invitations: Invitations;
  passwordPolicy: PublicPasswordPolicy;
  users: Users;
  userAdministration: UserAdministration;
  roles: Roles;
}

export function createServices(deps: DomainDependencies): Services {
  return {
    registrations: new Registrations(deps),
    passwordResets: new PasswordResets(deps),
    emailChanges: new EmailChanges(deps),
    disownings: new Disownings(deps),
    dataExports: new DataExports(deps),
    invitations: new Invitations(deps),
    passwordPolicy: publicPasswordPolicy(deps.settings),
    users: new Users(deps),
    userAdministration: new UserAdministration(deps),
    roles: new Roles(deps),
  };
}
