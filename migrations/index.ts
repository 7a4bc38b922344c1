/** Every migration, in order. An explicit list: what runs is what was reviewed, whatever else lies in the folder. */
import { InitialMigration } from './20261121000000-initial.ts';
import { SignInProtectionMigration } from './20261121010000-sign-in-protection.ts';
import { AccountLifeMigration } from './20261121020000-account-life.ts';
import { AuditChainMigration } from './20261121050000-audit-chain.ts';

export const migrationsList = [
  { name: '20261121000000-initial', class: InitialMigration },
  { name: '20261121010000-sign-in-protection', class: SignInProtectionMigration },
  { name: '20261121020000-account-life', class: AccountLifeMigration },
  { name: '20261121050000-audit-chain', class: AuditChainMigration },
];
