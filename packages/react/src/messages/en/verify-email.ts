/** The English texts of `VerifyEmail`. */
export const english = {
  title: 'Confirm your email address',
  lead: 'Your account is created with one click.',
  submit: 'Confirm',
  doneTitle: 'Your address is confirmed',
  done: 'You can sign in now.',
};
