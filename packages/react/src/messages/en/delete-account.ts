/** The English texts of `DeleteAccount`. */
export const english = {
  title: 'Delete your account',
  lead: 'Every session ends at once. The data is erased some days later.',
  open: 'Delete account',
  question: 'Delete your account?',
  effects: 'You are signed out everywhere. Until the data is erased, an administrator can restore the account.',
  password: 'Password',
  submit: 'Delete account',
  wrong: 'The password is wrong.',
};
