/** The German texts of ways to sign in. */
import type { Messages } from '../messages.ts';

export const german: Messages['methods'] = {
  PASSWORD: 'Passwort',
  PASSKEY: 'Passkey',
  TOTP: 'Authenticator-App',
  BACKUP_CODE: 'Backup-Code',
  FEDERATED: 'Anbieter',
  EMAIL_CODE: 'Code per E-Mail',
  SMS_CODE: 'Code per SMS',
};
