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
import { BackupCodes } from './factors/backup-codes.ts';
import { Passkeys } from './factors/passkeys.ts';
import { SecondFactors } from './factors/second-factors.ts';
import { TotpEnrollments } from './factors/totp-enrollment.ts';
import { type PublicPasswordPolicy, publicPasswordPolicy } from './passwords/new-password.ts';
import { ForwardAuth } from './sessions/forward-auth.ts';
import { Sessions } from './sessions/sessions.ts';
import { MfaSignIns } from './sign-in/mfa-sign-in.ts';
import { PasskeySignIns } from './sign-in/passkey-sign-in.ts';
import { SignIns } from './sign-in/password-sign-in.ts';
import { Reauthentications } from './sign-in/reauthentication.ts';

export interface Services {
  registrations: Registrations;
  signIns: SignIns;
  sessions: Sessions;
  reauthentications: Reauthentications;
  mfaSignIns: MfaSignIns;
  secondFactors: SecondFactors;
  totpEnrollments: TotpEnrollments;
  backupCodes: BackupCodes;
  passkeys: Passkeys;
  passkeySignIns: PasskeySignIns;
  passwordResets: PasswordResets;
  emailChanges: EmailChanges;
  disownings: Disownings;
  dataExports: DataExports;
  invitations: Invitations;
  passwordPolicy: PublicPasswordPolicy;
  users: Users;
  userAdministration: UserAdministration;
  roles: Roles;
  forwardAuth: ForwardAuth;
}

export function createServices(deps: DomainDependencies): Services {
  return {
    registrations: new Registrations(deps),
    signIns: new SignIns(deps),
    sessions: new Sessions(deps),
    reauthentications: new Reauthentications(deps),
    mfaSignIns: new MfaSignIns(deps),
    secondFactors: new SecondFactors(deps),
    totpEnrollments: new TotpEnrollments(deps),
    backupCodes: new BackupCodes(deps),
    passkeys: new Passkeys(deps),
    passkeySignIns: new PasskeySignIns(deps),
    passwordResets: new PasswordResets(deps),
    emailChanges: new EmailChanges(deps),
    disownings: new Disownings(deps),
    dataExports: new DataExports(deps),
    invitations: new Invitations(deps),
    passwordPolicy: publicPasswordPolicy(deps.settings),
    users: new Users(deps),
    userAdministration: new UserAdministration(deps),
    roles: new Roles(deps),
    forwardAuth: new ForwardAuth(deps),
  };
}
