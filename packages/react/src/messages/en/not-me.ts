/** The English texts of `NotMe`. */
export const english = {
  title: 'Was this not you?',
  lead: 'We end the session behind this mail, take back what was changed since it began, and mail you a link to a new password.',
  submit: 'Secure my account',
  doneTitle: 'Your account is secured',
  done: (count: number) =>
    `${count === 1 ? '1 session has ended.' : `${count} sessions have ended.`} Choose a new password with the link in our mail.`,
};
