/** The German texts of `Sessions`. */
import type { Messages } from '../messages.ts';

export const german: Messages['sessions'] = {
  title: 'Sitzungen',
  lead: 'Geräte, die in Ihrem Konto angemeldet sind.',
  endOthers: 'Alle anderen Sitzungen beenden',
  endOthersTitle: 'Alle anderen Sitzungen beenden?',
  endOthersLead: 'Jedes andere Gerät muss sich neu anmelden.',
  thisDevice: 'Dieses Gerät',
  otherDevices: 'Andere Geräte',
  current: 'Aktuell',
  activeNow: 'Jetzt aktiv',
  active: (when) => <>Aktiv {when}</>,
  signedIn: (when, how) => (
    <>
      Angemeldet {when} mit {how}
    </>
  ),
  ends: (when) => <>Endet {when}</>,
  signOut: 'Abmelden',
  end: 'Sitzung beenden',
  endOne: (device) => `Sitzung beenden: ${device}`,
  unknownDevice: 'Unbekanntes Gerät',
  noOther: 'Kein anderes Gerät ist angemeldet.',
  footnote: 'Eine beendete Sitzung wird hier sofort abgelehnt. Andere Dienste können sie noch einige Minuten annehmen.',
};
