/** The texts of the explanation of access in German. */
import type { AccessTexts } from './en.ts';

export const de: AccessTexts = {
  lead: 'Warum eine Operation diesem Benutzer erlaubt oder verweigert wird. Jede Frage steht im Protokoll.',
  operation: 'Operation',
  operationHint: 'Zum Beispiel suspendUser, Query.users oder Viewer.sessions.',
  unknown: 'Diese Operation gibt es nicht. schema/permissions.md nennt alle.',
  session: 'Sitzung',
  anySession: 'Eine neue, mit allen Faktoren',
  ask: 'Erklären',
  allowed: (operation) => `${operation} ist erlaubt`,
  denied: (operation) => `${operation} wird verweigert`,
  noRequirements: 'Jeder darf diese Operation aufrufen.',
  requirement: 'Anforderung',
  required: 'Verlangt',
  actual: 'Ist',
  state: 'Zustand',
  met: 'Erfüllt',
  unmet: 'Nicht erfüllt',
  restricted: 'Nur für Administratoren dieses Rangs',
  kinds: {
    SIGNED_IN: 'Angemeldet',
    PERMISSION: 'Berechtigung',
    SECOND_FACTOR: 'Zweiter Faktor',
    RECENT: 'Frische Anmeldung',
    NETWORK: 'Netz',
    RANK: 'Rang',
    CALLER_KIND: 'Art des Aufrufers',
    LIMIT: 'Ratenlimit',
  },
};
