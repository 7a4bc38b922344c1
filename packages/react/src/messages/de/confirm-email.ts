/** The German texts of `ConfirmEmail`. */
import type { Messages } from '../messages.ts';

export const german: Messages['confirmEmail'] = {
  title: 'Neue Adresse bestätigen',
  lead: 'Danach melden Sie sich mit der neuen Adresse an. Die alte bekommt eine E-Mail mit einem Link, der die Änderung zurücknimmt.',
  submit: 'Bestätigen',
  doneTitle: 'Ihre Adresse ist geändert',
  done: 'Melden Sie sich ab jetzt mit der neuen Adresse an.',
};
