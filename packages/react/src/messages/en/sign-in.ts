/** The English texts of `SignIn`. */
export const english = {
  title: 'Sign in',
  submit: 'Sign in',
  rememberMe: 'Keep me signed in on this device',
  passkey: 'Sign in with a passkey',
  mailCode: 'Sign in with a code by mail',
  sendCode: 'Send code',
  wrong: 'The email address or the password is wrong.',
  expired: 'This sign-in has expired. Sign in again.',
  passkeyRefused: 'No passkey was used. Try again, or choose another way.',
};
