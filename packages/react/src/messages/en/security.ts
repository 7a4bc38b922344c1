/** The English texts of `SecurityHead`. */
export const english = {
  title: 'Security',
  lead: 'How you sign in, and how you prove that it is you.',
  noFactor: 'Your password is the only protection.',
  noFactorLead: 'Add a passkey or an authenticator app.',
  required: 'Your role needs a second factor.',
  fewCodes: (count: number) =>
    count === 0
      ? 'No backup code is left.'
      : count === 1
        ? '1 backup code is left.'
        : `${count} backup codes are left.`,
  fewCodesLead: 'They are your way in if you lose your phone and your passkeys.',
};
