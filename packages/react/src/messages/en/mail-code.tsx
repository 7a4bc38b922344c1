/** The English texts of `MailCode`. */
import type { ReactNode } from 'react';

export const english = {
  title: 'Sign in with a code',
  lead: 'You get a code by mail. You need no password.',
  submit: 'Send code',
  codeTitle: 'Enter your code',
  sent: (address: ReactNode) => (
    <>
      If {address} has an account, a mail with a code is on its way. Enter the code, or open the link in this browser.
    </>
  ),
  otherBrowser: 'This sign-in began in another browser. To sign in here, enter the code of the same mail.',
  codeLabel: 'Code of the mail',
  codeHint: 'The form continues by itself after the eighth digit.',
  verify: 'Continue',
  wrongCode: 'This code is wrong.',
  resend: 'Send another code',
  resendIn: (seconds: number) => `You can send another code in ${seconds} s.`,
  startAgain: 'Sign in another way',
};
