/** The German texts of `TotpSetup`. */
import type { Messages } from '../messages.ts';

export const german: Messages['totp'] = {
  title: 'Authenticator-App',
  sub: 'Alle 30 Sekunden ein neuer sechsstelliger Code',
  setUp: 'Einrichten',
  setUpOne: 'Authenticator-App einrichten',
  remove: 'Entfernen',
  removeOne: 'Authenticator-App entfernen',
  setUpTitle: 'Authenticator-App einrichten',
  scan: 'Scannen Sie diesen Code mit der App.',
  qrCode: 'QR-Code für Ihre Authenticator-App',
  byHand: 'Keine Kamera? Geben Sie diesen Schlüssel in der App ein.',
  key: 'Schlüssel',
  code: 'Der sechsstellige Code der App',
  submit: 'Einschalten',
  wrongCode: 'Dieser Code ist falsch. Vielleicht geht die Uhr Ihres Telefons falsch; geben Sie den nächsten Code ein.',
  removeTitle: 'Authenticator-App entfernen?',
  removeLead:
    'Ohne einen anderen zweiten Faktor meldet Ihr Passwort allein Sie an, und Ihre Backup-Codes gelten nicht mehr.',
  removeCode: 'Code der App oder Backup-Code',
  removeAction: 'App entfernen',
  wrongRemovalCode: 'Dieser Code ist falsch oder wurde schon benutzt.',
};
