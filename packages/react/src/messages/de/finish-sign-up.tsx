/** The German texts of `FinishSignUp`. */
import type { Messages } from '../messages.ts';

export const german: Messages['signUp'] = {
  title: 'Konto anlegen',
  lead: (email) => <>Der Anbieter hat {email} bestätigt.</>,
  leadWithoutEmail: 'Der Anbieter hat keine bestätigte Adresse genannt. Wir senden Ihnen einen Link zur Bestätigung.',
  submit: 'Konto anlegen',
  startAgain: 'Anderes Konto benutzen',
};
