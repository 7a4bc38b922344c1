/** The German texts of `StepUpDialog`. */
import type { Messages } from '../messages.ts';

export const german: Messages['stepUp'] = {
  title: 'Bestätigen Sie, dass Sie es sind',
  lead: 'Ihre Anmeldung liegt länger zurück oder geschah ohne zweiten Schritt.',
  password: 'Passwort',
  code: 'Code der App oder Backup-Code',
  submit: 'Bestätigen',
  sendMailCode: 'Code per E-Mail senden',
  mailCode: 'Code aus der E-Mail',
  mailedTo: (target) => `Gesendet an ${target}. Er gilt zehn Minuten.`,
  wrongMailCode: 'Dieser Code ist falsch.',
  passkey: 'Passkey benutzen',
  wrong: 'Das Passwort ist falsch.',
  wrongCode: 'Dieser Code ist falsch oder wurde schon benutzt.',
  withProvider: (name) => `Mit ${name} bestätigen`,
  leaves: 'Sie verlassen diese Seite und kommen zurück. Wiederholen Sie dann, was Sie vorhatten.',
};
