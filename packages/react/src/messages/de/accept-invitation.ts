/** The German texts of `AcceptInvitation`. */
import type { Messages } from '../messages.ts';

export const german: Messages['acceptInvitation'] = {
  title: 'Einladung annehmen',
  lead: 'Wählen Sie ein Passwort. Danach können Sie sich anmelden.',
  submit: 'Passwort speichern',
  notSaved: 'Das Passwort wurde nicht gespeichert.',
  doneTitle: 'Ihr Konto ist bereit',
  done: 'Melden Sie sich mit Ihrem neuen Passwort an.',
};
