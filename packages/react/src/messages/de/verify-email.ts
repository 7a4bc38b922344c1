/** The German texts of `VerifyEmail`. */
import type { Messages } from '../messages.ts';

export const german: Messages['verifyEmail'] = {
  title: 'E-Mail-Adresse bestätigen',
  lead: 'Ein Klick legt Ihr Konto an.',
  submit: 'Bestätigen',
  doneTitle: 'Ihre Adresse ist bestätigt',
  done: 'Sie können sich jetzt anmelden.',
};
