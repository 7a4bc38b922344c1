/** The English texts of `Profile`. */
export const english = {
  title: 'Profile',
  lead: 'How others see you, and where mails reach you.',
  nameHint: 'Other users can see it.',
  language: 'Language of mails',
  languageDefault: 'Language of the service',
  languages: { en: 'English', de: 'German' },
  save: 'Save',
  saved: 'Your profile is saved.',
  emailTitle: 'Email address',
  emailSub: 'You sign in with it',
  changeEmail: 'Change address',
  changeTitle: 'Change your email address',
  changeLead: 'We mail a link to the new address. Nothing changes before you follow it.',
  newEmail: 'New email address',
  sendLink: 'Send link',
  sent: (email: string) => `A link is on its way to ${email}.`,
};
