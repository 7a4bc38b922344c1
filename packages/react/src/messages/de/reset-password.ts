/** The German texts of `ResetPassword`. */
import type { Messages } from '../messages.ts';

export const german: Messages['resetPassword'] = {
  title: 'Neues Passwort wählen',
  submit: 'Neues Passwort speichern',
  effect: 'Das Speichern beendet alle Sitzungen dieses Kontos. Ihre zweiten Faktoren bleiben.',
  notSaved: 'Das Passwort wurde nicht geändert.',
  doneTitle: 'Ihr neues Passwort ist gespeichert',
  done: 'Alle Sitzungen sind beendet. Melden Sie sich mit dem neuen Passwort an.',
};
