/** The English texts of `SecondStep`. */
import type { ReactNode } from 'react';

export const english = {
  title: 'Confirm that it is you',
  codeTitle: 'Enter your code',
  totpLead: (email: ReactNode) => <>Open your authenticator app and enter the 6-digit code for {email}.</>,
  backupLead: (email: ReactNode) => <>Enter one of the backup codes that you have saved for {email}.</>,
  passkeyLead: (email: ReactNode) => <>Use a passkey of {email}.</>,
  yourAccount: 'your account',
  totpLabel: 'Authenticator code',
  totpHint: 'The form continues by itself after the sixth digit.',
  backupLabel: 'Backup code',
  backupHint: 'Each code works once.',
  submit: 'Continue',
  usePasskey: 'Use a passkey',
  otherWays: 'Use another way',
  TOTP: 'Authenticator app',
  totpWay: 'A 6-digit code',
  PASSKEY: 'Passkey',
  passkeyWay: 'Fingerprint, face, PIN or security key',
  BACKUP_CODE: 'Backup code',
  backupWay: 'One of the codes that you have saved',
  validFor: 'This sign-in is valid for 5 minutes.',
  startAgain: 'Start again',
  wrongCode: 'This code is wrong or was used before.',
  passkeyRefused: 'No passkey was used. Try again, or choose another way.',
  noSignIn: 'No sign-in is in progress.',
};
