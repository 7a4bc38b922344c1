/** The English texts of `ConfirmEmail`. */
export const english = {
  title: 'Confirm your new address',
  lead: 'From then on you sign in with the new address. The old one gets a mail with a link that takes the change back.',
  submit: 'Confirm',
  doneTitle: 'Your address is changed',
  done: 'Sign in with the new address from now on.',
};
