/** The German texts of the field for a new password. */
import type { Messages } from '../messages.ts';

export const german: Messages['passwordRules'] = {
  account: (email) => <>Für das Konto {email}.</>,
  atLeast: (count) => `Mindestens ${count} Zeichen`,
  classes: (below) =>
    `Großbuchstabe, Kleinbuchstabe, Ziffer und Sonderzeichen${below === null ? '' : ` oder mindestens ${below} Zeichen`}`,
  judged: 'Nicht über Sie, nicht schon benutzt, nicht verbreitet',
  newPassword: 'Neues Passwort',
  met: 'erfüllt',
  unmet: 'nicht erfüllt',
};
