/** The German texts of `ApiKeys`. */
import type { Messages } from '../messages.ts';

export const german: Messages['apiKeys'] = {
  title: 'API-Schlüssel',
  lead: 'Programme rufen diesen Dienst damit in Ihrem Namen auf.',
  footnote:
    'Ein Schlüssel hat nie mehr Berechtigungen als Sie. Widerrufen Sie einen Schlüssel, den andere gesehen haben können.',
  empty: 'Noch kein API-Schlüssel.',
  emptyLead: 'Ein Programm, das diesen Dienst aufruft, braucht einen.',
  create: 'Schlüssel erzeugen',
  createTitle: 'API-Schlüssel erzeugen',
  createLead: 'Der Schlüssel wird einmal angezeigt, nach diesem Schritt.',
  name: 'Name',
  nameHint: 'Wofür der Schlüssel ist, zum Beispiel „Nächtlicher Build“.',
  scopes: 'Berechtigungen',
  scopesHint: 'Wählen Sie nur, was das Programm braucht.',
  scopesKept: 'Eine Berechtigung, die Sie wegnehmen, kann dieser Schlüssel nicht wieder bekommen.',
  networks: 'Netze (optional)',
  networksHint:
    'Adressen und Netze, aus denen der Schlüssel angenommen wird, zum Beispiel 192.0.2.0/24. Leer: alle Netze.',
  limit: 'Anfragen pro Minute (optional)',
  limitHint: 'Das kann die Grenze des Dienstes nur senken.',
  limitKept: 'Leer: Die Grenze bleibt, wie sie ist.',
  life: 'Laufzeit',
  tooMany: 'Es gibt schon 25 Schlüssel. Widerrufen Sie zuerst einen.',
  saveTitle: 'API-Schlüssel sichern',
  saveLead: 'Er wird einmal angezeigt. Legen Sie ihn in einem Tresor oder in den Einstellungen des Programms ab.',
  saved: 'Ich habe diesen Schlüssel gesichert',
  fileName: 'api-schluessel.txt',
  lastUsed: (when, from) => (
    <>
      Zuletzt benutzt {when}
      {from !== null && ` von ${from}`}
    </>
  ),
  neverUsed: 'Nie benutzt',
  expires: (when) => <>Läuft ab {when}</>,
  onlyFrom: (networks) => `Nur aus ${networks}`,
  perMinute: (count) => `Höchstens ${count} Anfragen pro Minute`,
  rotating: (until) => <>Das frühere Geheimnis endet {until}.</>,
  expiresSoon: 'Läuft bald ab',
  idle: 'Seit 90 Tagen unbenutzt',
  edit: 'Bearbeiten',
  editOne: (name) => `Schlüssel ${name} bearbeiten`,
  editTitle: (name) => `Schlüssel ${name} bearbeiten`,
  save: 'Schlüssel speichern',
  rotate: 'Wechseln',
  rotateOne: (name) => `Schlüssel ${name} wechseln`,
  rotateTitle: (name) => `Schlüssel ${name} wechseln?`,
  rotateLead: 'Sie bekommen ein neues Geheimnis. Geben Sie es dem Programm, bevor das frühere endet.',
  rotateAction: 'Schlüssel wechseln',
  overlap: 'Das frühere Geheimnis funktioniert noch',
  atOnce: 'Gar nicht: Es endet sofort',
  isRotating: 'Das frühere Geheimnis des letzten Wechsels funktioniert noch.',
  revoke: 'Widerrufen',
  revokeOne: (name) => `Schlüssel ${name} widerrufen`,
  revokeTitle: (name) => `Schlüssel ${name} widerrufen?`,
  revokeLead: 'Programme mit diesem Schlüssel werden sofort abgewiesen. Das lässt sich nicht rückgängig machen.',
  revokeAction: 'Schlüssel widerrufen',
};
