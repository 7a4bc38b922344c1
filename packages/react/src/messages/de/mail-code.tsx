/** The German texts of `MailCode`. */
import type { Messages } from '../messages.ts';

export const german: Messages['mailCode'] = {
  title: 'Mit einem Code anmelden',
  lead: 'Sie bekommen einen Code per E-Mail. Ein Passwort brauchen Sie nicht.',
  submit: 'Code senden',
  codeTitle: 'Code eingeben',
  sent: (address) => (
    <>
      Falls {address} ein Konto hat, ist eine E-Mail mit einem Code unterwegs. Geben Sie den Code ein oder öffnen Sie
      den Link in diesem Browser.
    </>
  ),
  otherBrowser:
    'Diese Anmeldung hat in einem anderen Browser begonnen. Um sich hier anzumelden, geben Sie den Code derselben E-Mail ein.',
  codeLabel: 'Code aus der E-Mail',
  codeHint: 'Nach der achten Ziffer geht es von selbst weiter.',
  verify: 'Weiter',
  wrongCode: 'Dieser Code ist falsch.',
  resend: 'Neuen Code senden',
  resendIn: (seconds) => `In ${seconds} s können Sie einen neuen Code senden.`,
  startAgain: 'Anders anmelden',
};
