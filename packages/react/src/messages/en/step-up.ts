/** The English texts of `StepUpDialog`. */
export const english = {
  title: 'Confirm that it is you',
  lead: 'You signed in some time ago, or without your second step.',
  password: 'Password',
  code: 'Authenticator code or backup code',
  submit: 'Confirm',
  sendMailCode: 'Send me a code by mail',
  mailCode: 'Code of the mail',
  mailedTo: (target: string) => `Sent to ${target}. It is valid for ten minutes.`,
  wrongMailCode: 'This code is wrong.',
  passkey: 'Use a passkey',
  wrong: 'The password is wrong.',
  wrongCode: 'This code is wrong or was used before.',
  withProvider: (name: string) => `Confirm with ${name}`,
  leaves: 'You leave this page and come back. Then repeat what you were doing.',
};
