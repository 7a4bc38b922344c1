/** The German texts of ways to sign in. */
import type { Messages } from '../messages.ts';

export const german: Messages['methods'] = {
  PASSWORD: 'Passwort',
  PASSKEY: 'Passkey',
  TOTP: 'Authenticator-App',
  BACKUP_CODE: 'Backup-Code',
  FEDERATED: 'Anbieter',
  EMAIL_CODE: 'Mail-Code',
  SMS_CODE: 'SMS-Code',
};
