/** The English texts of `ResetPassword`. */
export const english = {
  title: 'Choose a new password',
  submit: 'Save new password',
  effect: 'Saving ends every session of this account. Your second factors stay.',
  notSaved: 'The password was not changed.',
  doneTitle: 'Your new password is saved',
  done: 'Every session has ended. Sign in with the new password.',
};
