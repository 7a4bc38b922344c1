/** The German texts of `Register`. */
import type { Messages } from '../messages.ts';

export const german: Messages['register'] = {
  title: 'Konto anlegen',
  submit: 'Konto anlegen',
  notCreated: 'Das Konto wurde nicht angelegt.',
  sentTitle: 'Sehen Sie in Ihr Postfach',
  sentLead: (email) => <>Wir haben eine E-Mail an {email} gesendet. Folgen Sie dem Link darin, um abzuschließen.</>,
  sentHint: 'Keine E-Mail? Sehen Sie im Spam-Ordner nach oder senden Sie sie erneut.',
  resend: 'Erneut senden',
  resendIn: (seconds) => `Sie können sie in ${seconds} s erneut senden.`,
  resent: 'Die E-Mail ist noch einmal unterwegs.',
  activeTitle: 'Ihr Konto ist bereit',
  activeLead: 'Melden Sie sich mit Ihrem Passwort an.',
};
