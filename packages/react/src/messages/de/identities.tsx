/** The German texts of `Identities`. */
import type { Messages } from '../messages.ts';

export const german: Messages['identities'] = {
  title: 'Verknüpfte Anmeldungen',
  lead: 'Konten bei anderen Anbietern, die Sie anmelden.',
  empty: 'Kein Konto ist verknüpft.',
  emptyLead: 'Verknüpfen Sie eines, um sich ohne Passwort anzumelden.',
  link: (provider) => `${provider} verknüpfen`,
  linked: (when) => <>Verknüpft {when}</>,
  lastUsed: (when) => <>Zuletzt benutzt {when}</>,
  unlink: 'Trennen',
  unlinkOne: (provider) => `Trennen: ${provider}`,
  unlinkTitle: (provider) => `${provider} trennen?`,
  unlinkLead: 'Es meldet Sie dann nicht mehr an. Ihr Konto beim Anbieter bleibt.',
  lastWayIn:
    'Das ist Ihr einziger Weg, sich anzumelden. Wählen Sie zuerst ein Passwort oder fügen Sie einen Passkey hinzu.',
  add: 'Anmeldung hinzufügen',
  noProviders: 'Dieser Dienst hat keine Anbieter.',
};
