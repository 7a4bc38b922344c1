/** The German texts of `SecondFactors`. */
import type { Messages } from '../messages.ts';

export const german: Messages['secondFactors'] = {
  title: 'Zweiter Schritt',
  lead: 'Wird nach dem Passwort verlangt, nicht nach einem Passkey.',
  on: 'An',
  off: 'Aus',
};
