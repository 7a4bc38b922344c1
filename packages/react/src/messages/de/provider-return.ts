/** The German texts of `ProviderReturn`. */
import type { Messages } from '../messages.ts';

export const german: Messages['providerReturn'] = {
  title: 'Sie werden angemeldet',
  failed: 'Die Anmeldung ist nicht gelungen.',
  notReturned: 'Diese Seite gehört zur Anmeldung bei einem Anbieter. Beginnen Sie von vorn.',
  reasons: {
    CANCELLED: 'Sie haben die Anmeldung beim Anbieter abgebrochen.',
    PROVIDER_REFUSED: 'Der Anbieter hat die Anmeldung abgelehnt.',
    PROVIDER_UNAVAILABLE: 'Der Anbieter ist nicht erreichbar. Versuchen Sie es später erneut.',
    STATE_MISMATCH:
      'Die Anmeldung wurde in einem anderen Browser oder vor zu langer Zeit begonnen. Beginnen Sie von vorn.',
    EMAIL_MISSING: 'Der Anbieter hat keine E-Mail-Adresse genannt.',
    NOT_ALLOWED: 'Dieses Konto beim Anbieter darf sich hier nicht anmelden.',
  },
};
