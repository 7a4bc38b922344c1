/** The English texts of ways to sign in. */
export const english = {
  PASSWORD: 'password',
  PASSKEY: 'passkey',
  TOTP: 'authenticator app',
  BACKUP_CODE: 'backup code',
  FEDERATED: 'provider',
  EMAIL_CODE: 'mail code',
  SMS_CODE: 'SMS code',
};
