/** The German texts of `SecondStep`. */
import type { Messages } from '../messages.ts';

export const german: Messages['secondStep'] = {
  title: 'Bestätigen Sie, dass Sie es sind',
  codeTitle: 'Code eingeben',
  totpLead: (email) => <>Öffnen Sie Ihre Authenticator-App und geben Sie den sechsstelligen Code für {email} ein.</>,
  backupLead: (email) => <>Geben Sie einen der Backup-Codes ein, die Sie für {email} gespeichert haben.</>,
  passkeyLead: (email) => <>Benutzen Sie einen Passkey für {email}.</>,
  yourAccount: 'Ihr Konto',
  totpLabel: 'Code der App',
  totpHint: 'Nach der sechsten Ziffer geht es von selbst weiter.',
  backupLabel: 'Backup-Code',
  backupHint: 'Jeder Code gilt einmal.',
  submit: 'Weiter',
  usePasskey: 'Passkey benutzen',
  otherWays: 'Anderen Weg benutzen',
  TOTP: 'Authenticator-App',
  totpWay: 'Ein sechsstelliger Code',
  PASSKEY: 'Passkey',
  passkeyWay: 'Fingerabdruck, Gesicht, PIN oder Sicherheitsschlüssel',
  BACKUP_CODE: 'Backup-Code',
  backupWay: 'Einer der Codes, die Sie gespeichert haben',
  validFor: 'Diese Anmeldung gilt 5 Minuten.',
  startAgain: 'Von vorn beginnen',
  wrongCode: 'Dieser Code ist falsch oder wurde schon benutzt.',
  passkeyRefused: 'Es wurde kein Passkey benutzt. Versuchen Sie es erneut oder wählen Sie einen anderen Weg.',
  noSignIn: 'Es läuft keine Anmeldung.',
};
