/** The English texts of `AcceptInvitation`. */
export const english = {
  title: 'Accept your invitation',
  lead: 'Choose a password. Then you can sign in.',
  submit: 'Save password',
  notSaved: 'The password was not saved.',
  doneTitle: 'Your account is ready',
  done: 'Sign in with your new password.',
};
