/** The English texts of `SecondFactors`. */
export const english = {
  title: 'Second step',
  lead: 'Asked for after your password, not after a passkey.',
  on: 'On',
  off: 'Off',
};
