/** The English texts of `ChangePassword`. */
export const english = {
  title: 'Password',
  sub: 'Works on every device',
  none: 'Your account has no password',
  change: 'Change password',
  set: 'Choose a password',
  current: 'Current password',
  effect: 'Saving ends your other sessions.',
  submit: 'Save new password',
  notChanged: 'The password was not changed.',
  wrong: 'The current password is wrong.',
  done: (count: number) =>
    `Your new password is saved. ${count === 1 ? '1 other session has ended.' : `${count} other sessions have ended.`}`,
};
