/** The English texts of `ConfirmPasskey`. */
export const english = {
  title: 'Confirm your new passkey',
  lead: 'From then on it signs you in without your password.',
  submit: 'Confirm',
  doneTitle: 'Your passkey is confirmed',
  done: 'It signs you in without your password now.',
};
