/** Every migration, in order. An explicit list: what runs is what was reviewed, whatever else lies in the folder. */
import { InitialMigration } from './20261121000000-initial.ts';
import { SignInProtectionMigration } from './20261121010000-sign-in-protection.ts';
import { AccountLifeMigration } from './20261121020000-account-life.ts';
import { PasswordsAndLanguagesMigration } from './20261121022000-passwords-and-languages.ts';
import { SecondFactorsMigration } from './20261121030000-second-factors.ts';
import { AdministrationMigration } from './20261121040000-administration.ts';
import { AuditChainMigration } from './20261121050000-audit-chain.ts';
import { PasskeysMigration } from './20261121060000-passkeys.ts';
import { MailQueueMigration } from './20261121070000-mail-queue.ts';
import { AccessMigration } from './20261128010000-access.ts';
import { RecoveryMigration } from './20261128020000-recovery.ts';
import { RecoveryIndexesMigration } from './20261128021000-recovery-indexes.ts';
import { RecoveryBackfillMigration } from './20261128022000-recovery-backfill.ts';
import { RegistrationsMigration } from './20261128030000-registrations.ts';
import { CleanUpIndexesMigration } from './20261128040000-clean-up-indexes.ts';
import { TokenConfirmationMigration } from './20261128050000-token-confirmation.ts';
import { TokensWithoutUsersMigration } from './20261128060000-tokens-without-users.ts';
import { GrowthIndexesMigration } from './20261128070000-growth-indexes.ts';
import { AuditActivityMigration } from './20261128071000-audit-activity.ts';
import { AccountsWithoutPasswordsMigration } from './20261129010000-accounts-without-passwords.ts';
import { IdentitiesMigration } from './20261129020000-identities.ts';
import { FederatedProvidersMigration } from './20261129030000-federated-providers.ts';

export const migrationsList = [
  { name: '20261121000000-initial', class: InitialMigration },
  { name: '20261121010000-sign-in-protection', class: SignInProtectionMigration },
  { name: '20261121020000-account-life', class: AccountLifeMigration },
  { name: '20261121022000-passwords-and-languages', class: PasswordsAndLanguagesMigration },
  { name: '20261121030000-second-factors', class: SecondFactorsMigration },
  { name: '20261121040000-administration', class: AdministrationMigration },
  { name: '20261121050000-audit-chain', class: AuditChainMigration },
  { name: '20261121060000-passkeys', class: PasskeysMigration },
  { name: '20261121070000-mail-queue', class: MailQueueMigration },
  { name: '20261128010000-access', class: AccessMigration },
  { name: '20261128020000-recovery', class: RecoveryMigration },
  { name: '20261128021000-recovery-indexes', class: RecoveryIndexesMigration },
  { name: '20261128022000-recovery-backfill', class: RecoveryBackfillMigration },
  { name: '20261128030000-registrations', class: RegistrationsMigration },
  { name: '20261128040000-clean-up-indexes', class: CleanUpIndexesMigration },
  { name: '20261128050000-token-confirmation', class: TokenConfirmationMigration },
  { name: '20261128060000-tokens-without-users', class: TokensWithoutUsersMigration },
  { name: '20261128070000-growth-indexes', class: GrowthIndexesMigration },
  { name: '20261128071000-audit-activity', class: AuditActivityMigration },
  { name: '20261129010000-accounts-without-passwords', class: AccountsWithoutPasswordsMigration },
  { name: '20261129020000-identities', class: IdentitiesMigration },
  { name: '20261129030000-federated-providers', class: FederatedProvidersMigration },
];
