/** The German texts of `ForgotPassword`. */
import type { Messages } from '../messages.ts';

export const german: Messages['forgotPassword'] = {
  title: 'Passwort vergessen?',
  lead: 'Wir senden Ihnen einen Link, um ein neues zu wählen.',
  submit: 'Link senden',
  sentTitle: 'Sehen Sie in Ihr Postfach',
  sent: (email) => <>Wenn es ein Konto für {email} gibt, ist eine E-Mail unterwegs.</>,
};
