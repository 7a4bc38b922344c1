/** The sentences in German. The reader is addressed with "Sie". */
import { changesOf, type Details } from './details.ts';
import type { Facts, Party } from './facts.ts';
import type { LocaleSentences } from './locale.ts';
import { name, type Part, type Sentence, say, value } from './sentence.ts';

/** Nominative, accusative and dative. */
const unnamed = {
  operator: ['ein Betreiber', 'einen Betreiber', 'einem Betreiber'],
  gateway: ['das Gateway', 'das Gateway', 'dem Gateway'],
  deleted: ['ein gelöschter Benutzer', 'einen gelöschten Benutzer', 'einem gelöschten Benutzer'],
  anonymous: ['ein anonymer Aufrufer', 'einen anonymen Aufrufer', 'einem anonymen Aufrufer'],
  you: ['Sie', 'Sie', 'Ihnen'],
  none: ['ein Konto', 'ein Konto', 'einem Konto'],
} as const;

function decline(given: Party | null, grammar: 0 | 1 | 2): Part {
  if (given?.kind === 'person') return name(given.name);
  return unnamed[given?.kind ?? 'none'][grammar];
}
const nom = (given: Party | null) => decline(given, 0);
const acc = (given: Party | null) => decline(given, 1);
const dat = (given: Party | null) => decline(given, 2);

function subjectOf({ actor, person }: Facts): Party {
  return actor.kind === 'anonymous' && person ? person : actor;
}

/** The subject and the auxiliary of its perfect tense: "Grace Hopper hat", "Sie haben". */
function has(given: Party | null): Sentence {
  return say`${nom(given)} ${given?.kind === 'you' ? 'haben' : 'hat'}`;
}
const subjectHas = (facts: Facts) => has(subjectOf(facts));

/** " von Grace Hopper", or nothing. */
function ofPerson({ person }: Facts): Sentence {
  return person ? say` von ${dat(person)}` : [];
}

/** "Ihre Rolle", "die eigene Rolle", "die Rolle von Grace Hopper". @param words "Rolle" with its articles */
function possession(facts: Facts, [article, your, own, noun]: readonly [string, string, string, string]): Sentence {
  if (facts.own) return [facts.actor.kind === 'you' ? `${your} ${noun}` : `${article} ${own} ${noun}`];
  if (facts.person?.kind === 'you') return [`${your} ${noun}`];
  return say`${article} ${noun}${ofPerson(facts)}`;
}
const role = ['die', 'Ihre', 'eigene', 'Rolle'] as const;
const account = ['das', 'Ihr', 'eigene', 'Konto'] as const;

/** Without an article: "Konto von Grace Hopper". */
function accountOf({ person }: Facts): Sentence {
  return person?.kind === 'you' ? ['Ihr Konto'] : say`Das Konto von ${dat(person)}`;
}

const counted = (count: number, one: string, many: string) =>
  `${count.toLocaleString('de')} ${count === 1 ? one : many}`;
const sessions = (count: number) => counted(count, 'Sitzung', 'Sitzungen');

const methods: Readonly<Record<string, string>> = {
  PASSWORD: 'Passwort',
  TOTP: 'App-Code',
  BACKUP_CODE: 'Backup-Code',
  PASSKEY: 'Passkey',
  EMAIL_CODE: 'Code per E-Mail',
  SMS_CODE: 'Code per SMS',
};

function withMethods(details: Details): Sentence {
  const provider = details.text('provider');
  const used = details
    .list('methods')
    .map((method) => (method === 'FEDERATED' && provider ? provider : (methods[method] ?? method)));
  if (used.length === 0) return [];
  return [` mit ${used.length > 1 ? `${used.slice(0, -1).join(', ')} und ${used.at(-1)}` : used[0]}`];
}

const factors: Readonly<Record<string, string>> = { TOTP: 'eine Authenticator-App', PASSKEY: 'einen Passkey' };

/** What an attempt that was denied would have done, with "zu". */
function attempt(facts: Facts): Sentence {
  const { person, object } = facts;
  const attempts: Readonly<Record<string, Sentence>> = {
    'user.created': ['einen Benutzer anzulegen'],
    'user.role_changed': say`${possession(facts, role)} zu ändern`,
    'user.suspended': say`${acc(person)} zu sperren`,
    'user.reactivated': say`${acc(person)} zu entsperren`,
    'user.deleted': say`${possession(facts, account)} zu löschen`,
    'user.restored': say`${possession(facts, account)} wiederherzustellen`,
    'user.mfa_reset': say`die zweiten Faktoren${ofPerson(facts)} zu entfernen`,
    'user.sessions_revoked': say`die Sitzungen${ofPerson(facts)} zu beenden`,
    'risk.history_reset': say`den Risikoverlauf${ofPerson(facts)} zurückzusetzen`,
    'user.link_sent': say`${dat(person)} einen Link zu senden`,
    'account.unlocked': say`die Drosselung${ofPerson(facts)} aufzuheben`,
    'role.created': say`die Rolle ${value(object)} anzulegen`,
    'role.updated': say`die Rolle ${value(object)} zu ändern`,
    'role.deleted': say`die Rolle ${value(object)} zu löschen`,
  };
  const attempted = facts.details.text('attempted');
  return attempts[attempted] ?? say`${value(attempted)} auszuführen`;
}

const reasons: Readonly<Record<string, string>> = {
  rank: 'der Rang ist zu niedrig',
  own_account: 'es ist das eigene Konto',
  last_super_admin: 'es ist der letzte SUPER_ADMIN',
  missing_permission: 'eine Berechtigung fehlt',
  no_recent_proof: 'die Anmeldung ist zu lange her',
  authentication: 'keine Sitzung',
  enrolment: 'kein zweiter Faktor',
  permission: 'eine Berechtigung fehlt',
  factor: 'der zweite Faktor wurde nicht nachgewiesen',
  recent_proof: 'die Anmeldung ist zu lange her',
  network: 'das Netz ist nicht erlaubt',
  router: 'nur für den Router',
  unknown_address: 'kein Konto hat diese Adresse',
  wrong_password: 'falsches Passwort',
  wrong_code: 'falscher Code',
  missing_secret: 'ohne das Geheimnis des Routers',
  wrong_secret: 'falsches Geheimnis des Routers',
  unverified: 'die Adresse ist nicht bestätigt',
  suspended: 'das Konto ist gesperrt',
  changed_meanwhile: 'das Konto hat sich inzwischen geändert',
  locked: 'für unbekannte Geräte gedrosselt',
  source_limited: 'zu viele Versuche aus diesem Netz',
  method_disabled: 'dieser Anmeldeweg ist abgeschaltet',
  unknown_flow: 'der Code ist unbekannt, verwendet oder abgelaufen',
  captcha: 'ein Captcha war nötig',
  MISSING: 'es fehlt',
  INVALID: 'es ist falsch oder wurde schon benutzt',
  EXPIRED: 'es kam zu spät',
  hook: 'ein Hook hat sie abgelehnt',
  unknown_token: 'der Link ist unbekannt oder abgelaufen',
  unknown_ticket: 'die Anmeldung ist abgelaufen',
  address_taken: 'ein Konto hat diese Adresse',
  user_inactive: 'das Konto ist nicht aktiv',
  registration_pending: 'eine Registrierung mit dieser Adresse läuft',
  unknown: 'sie ist unbekannt',
  revoked: 'sie ist beendet',
  expired: 'sie ist abgelaufen',
  not_issued: 'das Token wurde nie ausgestellt',
  malformed: 'die Antwort ist ungültig',
  unknown_passkey: 'der Passkey ist unbekannt',
  not_verified: 'die Signatur ist ungültig',
  unknown_challenge: 'die Anfrage ist unbekannt oder abgelaufen',
  clone_suspected: 'er wurde vielleicht kopiert',
  taken: 'er gehört zu einem anderen Konto',
  too_many: 'es sind zu viele',
  unproven: 'der zweite Faktor wurde nicht nachgewiesen',
  unconfirmed: 'er ist noch nicht bestätigt',
  inactive: 'das Konto ist nicht aktiv',
  malformed_number: 'es ist keine Telefonnummer',
  country: 'ihr Land erhält keine SMS',
  number_type: 'ihre Art erhält keine SMS',
  no_other_factor: 'es gibt keinen anderen zweiten Faktor',
  factor_not_allowed: 'Telefone sind kein zweiter Faktor dieses Kontos',
  budget: 'das Budget ist aufgebraucht',
  prefix: 'das Budget dieser Nummern ist aufgebraucht',
  paused: 'diese Nummern sind angehalten',
  number: 'zu viele SMS an sie',
  owner_inactive: 'der Besitzer ist nicht aktiv',
  CANCELLED: 'der Benutzer hat abgebrochen',
  PROVIDER_REFUSED: 'der Anbieter hat abgelehnt',
  PROVIDER_UNAVAILABLE: 'der Anbieter hat nicht geantwortet',
  STATE_MISMATCH: 'die Antwort gehört nicht zur Anfrage',
  EMAIL_MISSING: 'der Anbieter gab keine bestätigte Adresse',
  NOT_ALLOWED: 'die Regeln des Anbieters erlauben es nicht',
  IDENTITY_TAKEN: 'die Identität gehört zu einem anderen Konto',
  SUSPENDED: 'das Konto ist gesperrt',
};

function because(details: Details, key = 'reason'): Sentence {
  const reason = details.text(key);
  return reason ? [': ', reasons[reason] ?? value(reason)] : [];
}

const endings: Readonly<Record<string, string>> = {
  reuse_detected: 'ein benutztes Refresh-Token kam wieder',
  password_reset: 'das Passwort wurde zurückgesetzt',
  password_changed: 'das Passwort wurde geändert',
  email_changed: 'die E-Mail-Adresse wurde geändert',
  account_deleted: 'das Konto wurde gelöscht',
  suspended: 'das Konto wurde gesperrt',
  disowned: 'der Besitzer hat sie gemeldet',
  superseded: 'eine neuere Sitzung hat sie ersetzt',
  factor_added: 'ein zweiter Faktor kam hinzu',
};

const fields: Readonly<Record<string, string>> = { displayName: 'Name', locale: 'Sprache' };

function roleChange({ details }: Facts): Sentence {
  const [before, after] = [details.inner('before'), details.inner('after')];
  const { added, removed } = changesOf(before.list('permissions'), after.list('permissions'));
  const [from, to] = [before.text('rank'), after.text('rank')];
  const parts = [
    ...(added.length > 0 ? [`${counted(added.length, 'Berechtigung', 'Berechtigungen')} hinzugefügt`] : []),
    ...(removed.length > 0
      ? [
          added.length > 0
            ? `${removed.length} entfernt`
            : `${counted(removed.length, 'Berechtigung', 'Berechtigungen')} entfernt`,
        ]
      : []),
    ...(from === to ? [] : [`Rang ${to} statt ${from}`]),
  ];
  return parts.length > 0 ? [`: ${parts.join(', ')}`] : [];
}

export const german: LocaleSentences = {
  other: (action, facts) => say`${has(facts.actor)} ${value(action)} ausgeführt`,
  actions: {
    'registration.requested': ({ details }) =>
      details.text('result') === 'address_taken'
        ? ['Jemand wollte ein Konto mit einer Adresse, die schon eines hat']
        : details.text('result') === 'withheld'
          ? ['Jemand wollte ein Konto. Keine E-Mail wurde gesendet: zu viele E-Mails']
          : details.text('result') === 'refused'
            ? ['Ein Konto wurde abgelehnt: Das Land ist nicht erlaubt']
            : ['Jemand hat ein Konto beantragt'],
    'registration.confirmed': (facts) => say`${subjectHas(facts)} die E-Mail-Adresse bestätigt`,
    'email.verified': (facts) => say`${subjectHas(facts)} die E-Mail-Adresse mit einem Code bestätigt`,
    'registration.confirmation_refused': ({ details }) => say`Eine Bestätigung wurde abgelehnt${because(details)}`,
    'registration.mail_requested': ({ details }) =>
      details.text('result') === 'sent'
        ? ['Die Bestätigung wurde noch einmal per E-Mail gesendet']
        : ['Eine Bestätigung per E-Mail wurde angefordert. Keine E-Mail wurde gesendet'],
    'user.created': (facts) => {
      const as = value(facts.details.text('role'));
      if (facts.details.text('through') === 'administrator')
        return say`${has(facts.actor)} ${acc(facts.person)} als ${as} eingeladen`;
      if (facts.details.text('through') === 'command_line')
        return say`Ein Betreiber hat das Konto von ${dat(facts.person)} als ${as} angelegt`;
      if (facts.details.text('through') === 'import')
        return say`Das Konto von ${dat(facts.person)} wurde als ${as} importiert`;
      return say`${subjectHas(facts)} ein Konto angelegt`;
    },
    'user.updated': (facts) => {
      const changed = facts.details.list('fields').map((field) => fields[field] ?? field);
      return say`${subjectHas(facts)} das Profil geändert${changed.length > 0 ? `: ${changed.join(', ')}` : ''}`;
    },
    'user.role_changed': (facts) => {
      const [before, after] = [facts.details.inner('before'), facts.details.inner('after')];
      return say`${has(facts.actor)} ${possession(facts, role)} von ${value(before.text('role'))} zu ${value(after.text('role'))} geändert`;
    },
    'user.suspended': ({ actor, person }) => say`${has(actor)} ${acc(person)} gesperrt`,
    'user.reactivated': ({ actor, person }) => say`${has(actor)} ${acc(person)} entsperrt`,
    'user.deleted': (facts) => say`${subjectHas(facts)} ${possession(facts, account)} gelöscht`,
    'user.restored': (facts) => say`${subjectHas(facts)} ${possession(facts, account)} wiederhergestellt`,
    'user.mfa_reset': (facts) => say`${has(facts.actor)} alle zweiten Faktoren${ofPerson(facts)} entfernt`,
    'risk.history_reset': (facts) => say`${has(facts.actor)} den Risikoverlauf${ofPerson(facts)} zurückgesetzt`,
    'user.sessions_revoked': (facts) =>
      say`${has(facts.actor)} ${sessions(facts.details.inner('before').number('sessions'))}${ofPerson(facts)} beendet`,
    'user.link_sent': ({ actor, person, details }) => {
      const link = details.text('kind') === 'invitation' ? 'eine neue Einladung' : 'einen Link zu einem neuen Passwort';
      return details.text('result') === 'withheld'
        ? say`${has(actor)} versucht, ${dat(person)} ${link} zu senden: zu viele E-Mails`
        : say`${has(actor)} ${dat(person)} ${link} gesendet`;
    },
    'role.created': ({ actor, object }) => say`${has(actor)} die Rolle ${value(object)} angelegt`,
    'role.updated': (facts) => say`${has(facts.actor)} die Rolle ${value(facts.object)} geändert${roleChange(facts)}`,
    'role.deleted': ({ actor, object }) => say`${has(actor)} die Rolle ${value(object)} gelöscht`,
    'administration.refused': (facts) =>
      say`${has(facts.actor)} versucht, ${attempt(facts)}, und wurde${facts.actor.kind === 'you' ? 'n' : ''} abgewiesen${because(facts.details)}`,
    'access.denied': ({ actor, details }) =>
      say`${has(actor)} ${value(details.text('operation'))} aufgerufen und wurde${actor.kind === 'you' ? 'n' : ''} abgewiesen${because(details, 'missing')}`,
    'identities.refused': ({ details }) => say`Eine Anfrage nach Identitäten wurde abgewiesen${because(details)}`,
    'access.explained': (facts) =>
      say`${has(facts.actor)} den Zugriff${ofPerson(facts)} auf ${value(facts.details.text('operation'))} geprüft`,
    'user.purged': () => ['Die Daten eines gelöschten Kontos wurden entfernt'],
    'personal_data.purged': ({ details }) => [
      `Die personenbezogenen Daten von ${counted(details.list('entries').length, 'Eintrag', 'Einträgen')} wurden entfernt`,
    ],
    'import.started': ({ details }) => say`Ein Import von Benutzern aus ${value(details.text('source'))} begann`,
    'import.finished': ({ details }) =>
      say`Ein Import von Benutzern aus ${value(details.text('source'))} endete: ${String(details.number('created'))} angelegt, ${String(details.number('failed'))} fehlgeschlagen`,
    'import.forgotten': ({ details }) =>
      say`Die Kennungen der Benutzer aus ${value(details.text('source'))} wurden vergessen`,
    'export.created': ({ details }) => [
      details.is('withHashes')
        ? 'Ein Betreiber hat alle Benutzer mit ihren Passwort-Hashes exportiert'
        : 'Ein Betreiber hat alle Benutzer exportiert',
    ],
    'password.rehashed': (facts) => say`Der importierte Passwort-Hash von ${dat(facts.person)} wurde erneuert`,
    'data.exported': (facts) => say`${subjectHas(facts)} die eigenen Daten exportiert`,
    'email.change_requested': (facts) => say`${subjectHas(facts)} eine neue E-Mail-Adresse beantragt`,
    'email.change_refused': ({ details }) => say`Eine Änderung der E-Mail-Adresse wurde abgelehnt${because(details)}`,
    'email.changed': (facts) =>
      facts.details.text('through') === 'disowned'
        ? say`Die E-Mail-Adresse${ofPerson(facts)} wurde zurückgesetzt`
        : say`${subjectHas(facts)} die E-Mail-Adresse geändert`,
    'session.disown_refused': ({ details }) => say`Ein Link „Das war ich nicht“ wurde abgelehnt${because(details)}`,
    'account.recovered': (facts) =>
      say`${accountOf(facts)} wurde gesichert: ${sessions(facts.details.number('sessions'))} beendet`,
    'password.set': (facts) => {
      const through = facts.details.text('through');
      if (through === 'invitation') return say`${subjectHas(facts)} die Einladung angenommen und ein Passwort gesetzt`;
      if (through === 'reset') return say`${subjectHas(facts)} per E-Mail ein neues Passwort gesetzt`;
      if (through === 'first') return say`${subjectHas(facts)} ein erstes Passwort gesetzt`;
      return say`${subjectHas(facts)} das Passwort geändert`;
    },
    'password.reset_requested': ({ person, details }) => {
      if (details.text('result') === 'no_account')
        return ['Ein Link zu einem neuen Passwort wurde angefordert: kein Konto hat diese Adresse'];
      if (details.text('result') === 'withheld')
        return say`Ein Link zu einem neuen Passwort wurde${person ? say` für ${acc(person)}` : []} angefordert. Keine E-Mail wurde gesendet: zu viele E-Mails`;
      return say`Ein Link zu einem neuen Passwort wurde${person ? say` an ${acc(person)}` : []} gesendet`;
    },
    'password.set_refused': ({ details }) => say`Ein neues Passwort wurde abgelehnt${because(details)}`,
    'login.refused': ({ person, details }) =>
      say`Die Anmeldung${person ? say` für ${acc(person)}` : []} wurde abgelehnt${because(details)}`,
    'code.requested': ({ person, details }) => {
      const code = details.text('channel') === 'SMS' ? 'Code per SMS' : 'Code per E-Mail';
      if (details.text('result') === 'no_account')
        return [`Ein ${code} wurde angefordert: kein Konto hat diese Adresse`];
      if (details.text('result') === 'withheld')
        return say`Ein ${code} wurde${person ? say` für ${acc(person)}` : []} angefordert. Er wurde nicht gesendet: zu viele`;
      return say`Ein ${code} wurde${person ? say` an ${acc(person)}` : []} gesendet`;
    },
    'code.refused': ({ details }) => say`Die Anmeldung mit einem Code wurde abgelehnt${because(details)}`,
    'captcha.refused': ({ details }) => say`Ein Captcha wurde abgelehnt${because(details)}`,
    'captcha.provider_unavailable': ({ details }) =>
      say`Der Captcha-Dienst ${value(details.text('provider'))} hat nicht wie erwartet geantwortet`,
    'session.started': (facts) => say`${subjectHas(facts)} sich${withMethods(facts.details)} angemeldet`,
    'session.refreshed': (facts) => say`${subjectHas(facts)} eine Sitzung fortgesetzt`,
    'session.refresh_refused': (facts) =>
      say`Eine Sitzung${ofPerson(facts)} wurde nicht fortgesetzt${because(facts.details)}`,
    'session.reauthenticated': (facts) =>
      say`${subjectHas(facts)} die Identität${withMethods(facts.details)} bestätigt`,
    'session.ended': (facts) => {
      const reason = facts.details.text('reason');
      if (reason === 'logout') return say`${subjectHas(facts)} sich abgemeldet`;
      if (reason === 'revoked') return say`${subjectHas(facts)} eine Sitzung beendet`;
      if (reason === 'revoked_by_admin') return say`${has(facts.actor)} eine Sitzung${ofPerson(facts)} beendet`;
      return say`Eine Sitzung${ofPerson(facts)} wurde beendet: ${endings[reason] ?? value(reason)}`;
    },
    'reauthentication.refused': (facts) =>
      say`${subjectHas(facts)} die Identität nicht bestätigen können${because(facts.details)}`,
    'identity.linked': (facts) => say`${subjectHas(facts)} ein Konto bei ${facts.details.text('provider')} verknüpft`,
    'identity.unlinked': (facts) => say`${subjectHas(facts)} das Konto bei ${facts.details.text('provider')} entfernt`,
    'federated.refused': ({ details }) =>
      say`Die Anmeldung mit ${details.text('provider')} wurde abgelehnt${because(details)}`,
    'provider.created': ({ actor, details }) => say`${has(actor)} den Anbieter ${value(details.text('slug'))} angelegt`,
    'provider.updated': ({ actor, details }) => say`${has(actor)} den Anbieter ${value(details.text('slug'))} geändert`,
    'provider.deleted': ({ actor, details }) => say`${has(actor)} den Anbieter ${value(details.text('slug'))} gelöscht`,
    'provider.tested': ({ actor, details }) =>
      say`${has(actor)} den Anbieter ${value(details.text('slug'))} geprüft${details.list('problems').length === 0 ? '' : ': er ist nicht benutzbar'}`,
    'api_key.created': (facts) => say`${subjectHas(facts)} einen API-Schlüssel erzeugt`,
    'api_key.rotated': (facts) => say`${subjectHas(facts)} einen API-Schlüssel gewechselt`,
    'api_key.updated': (facts) => say`${subjectHas(facts)} einen API-Schlüssel geändert`,
    'api_key.revoked': (facts) =>
      facts.details.text('by') === 'administrator'
        ? say`${has(facts.actor)} einen API-Schlüssel${ofPerson(facts)} widerrufen`
        : say`${subjectHas(facts)} einen API-Schlüssel widerrufen`,
    'api_key.refused': (facts) => say`Ein API-Schlüssel${ofPerson(facts)} wurde abgelehnt${because(facts.details)}`,
    'api_key.exposed': (facts) =>
      say`Ein API-Schlüssel${ofPerson(facts)} wurde in der Adresse einer Anfrage offengelegt`,
    'service_account.created': (facts) => say`${has(facts.actor)} ein Dienstkonto angelegt`,
    'service_account.suspended': (facts) => say`${has(facts.actor)} ein Dienstkonto gesperrt`,
    'service_account.reactivated': (facts) => say`${has(facts.actor)} ein Dienstkonto entsperrt`,
    'service_account.deleted': (facts) => say`${has(facts.actor)} ein Dienstkonto gelöscht`,
    'service_account.keys_set': (facts) =>
      say`${has(facts.actor)} die öffentlichen Schlüssel eines Dienstkontos ersetzt`,
    'client_secret.created': (facts) => say`${has(facts.actor)} ein Client-Geheimnis eines Dienstkontos erzeugt`,
    'client_secret.revoked': (facts) => say`${has(facts.actor)} ein Client-Geheimnis eines Dienstkontos widerrufen`,
    'client_token.issued': () => say`Ein Dienstkonto hat ein Zugriffstoken erhalten`,
    'client_token.revoked': () => say`Das Zugriffstoken eines Dienstkontos wurde widerrufen`,
    'webhook.created': ({ actor, details }) =>
      say`${has(actor)} einen Webhook für ${value(details.text('host'))} angelegt`,
    'webhook.updated': ({ actor, details }) =>
      say`${has(actor)} den Webhook für ${value(details.text('host'))} geändert`,
    'webhook.deleted': ({ actor, details }) =>
      say`${has(actor)} den Webhook für ${value(details.text('host'))} gelöscht`,
    'webhook.secret_rotated': ({ actor, details }) =>
      say`${has(actor)} das Geheimnis des Webhooks für ${value(details.text('host'))} gewechselt`,
    'webhook.disabled': ({ actor, details }) => {
      const host = value(details.text('host'));
      const reason = details.text('reason');
      if (reason === 'administrator') return say`${has(actor)} den Webhook für ${host} abgeschaltet`;
      return reason === 'gone'
        ? say`Der Webhook für ${host} wurde abgeschaltet: Es gibt den Endpunkt nicht mehr`
        : say`Der Webhook für ${host} wurde abgeschaltet: Er schlug fünf Tage lang fehl`;
    },
    'webhook.backlog_dropped': ({ details }) =>
      say`Das Gateway hat ${counted(details.number('count'), 'Nachricht', 'Nachrichten')} an einen Webhook aufgegeben: Es warteten zu viele`,
    'webhook.tested': ({ actor }) => say`${has(actor)} ein Testereignis an einen Webhook gesendet`,
    'webhook.redelivered': ({ actor }) => say`${has(actor)} eine Nachricht erneut an einen Webhook gesendet`,
    'mfa.enrollment_begun': (facts) =>
      say`${subjectHas(facts)} begonnen, ${factors[facts.details.text('method')] ?? 'einen zweiten Faktor'} einzurichten`,
    'mfa.enabled': (facts) =>
      say`${subjectHas(facts)} ${factors[facts.details.text('method')] ?? 'einen zweiten Faktor'} ${facts.details.text('method') === 'PASSKEY' ? 'hinzugefügt' : 'eingerichtet'}`,
    'mfa.disabled': (facts) =>
      say`${subjectHas(facts)} ${factors[facts.details.text('method')] ?? 'einen zweiten Faktor'} entfernt`,
    'mfa.challenged': (facts) => {
      const subject = subjectOf(facts);
      return say`${nom(subject)} ${subject.kind === 'you' ? 'wurden' : 'wurde'} nach dem zweiten Schritt gefragt`;
    },
    'mfa.ticket_refused': ({ details }) => say`Ein zweiter Schritt wurde abgelehnt${because(details)}`,
    'mfa.code_refused': (facts) => {
      const thing = facts.details.text('method') === 'PASSKEY' ? 'Ein Passkey' : 'Ein Code';
      return say`${thing}${ofPerson(facts)} wurde abgelehnt${because(facts.details)}`;
    },
    'phone.added': (facts) =>
      say`${subjectHas(facts)} ein Telefon${facts.details.is('factor') ? ' als zweiten Faktor' : ''} hinzugefügt`,
    'phone.updated': (facts) =>
      facts.details.is('factor')
        ? say`${subjectHas(facts)} ein Telefon zum zweiten Faktor gemacht`
        : say`Ein Telefon${ofPerson(facts)} ist kein zweiter Faktor mehr`,
    'phone.removed': (facts) => say`${subjectHas(facts)} ein Telefon entfernt`,
    'phone.refused': (facts) => say`Ein Telefon${ofPerson(facts)} wurde abgelehnt${because(facts.details)}`,
    'sms.sent': ({ details }) => say`Eine SMS an eine Nummer in ${value(details.text('country'))} wurde gesendet`,
    'sms.withheld': ({ details }) =>
      say`Eine SMS an eine Nummer in ${value(details.text('country'))} wurde zurückgehalten${because(details)}`,
    'sms.prefix_paused': ({ details }, { time }) =>
      say`SMS an ${value(details.text('prefix'))} sind bis ${time(details.text('until'))} angehalten: wenige Codes wurden eingegeben`,
    'backup_code.used': (facts) =>
      say`${subjectHas(facts)} einen Backup-Code benutzt: noch ${facts.details.text('remaining')}`,
    'backup_codes.regenerated': (facts) =>
      say`${subjectHas(facts)} ${counted(facts.details.number('count'), 'neuen Backup-Code', 'neue Backup-Codes')} erzeugt`,
    'passkey.refused': (facts) => say`Ein Passkey${ofPerson(facts)} wurde abgelehnt${because(facts.details)}`,
    'passkey.confirmed': (facts) => say`Ein Passkey${ofPerson(facts)} wurde per E-Mail bestätigt`,
    'passkey.renamed': (facts) => say`${subjectHas(facts)} einen Passkey umbenannt`,
    'passkey.confirmation_refused': ({ details }) =>
      say`Die Bestätigung eines Passkeys wurde abgelehnt${because(details)}`,
    'passkey.clone_suspected': (facts) => say`Ein Passkey${ofPerson(facts)} wurde vielleicht kopiert`,
    'guesses.stopped': (facts, { time }) =>
      say`Weitere Versuche mit ${facts.details.text('at') === 'password' ? 'dem Passwort' : 'dem zweiten Faktor'}${ofPerson(facts)} sind bis ${time(facts.details.text('lockedUntil'))} angehalten`,
    'account.locked': (facts, { time }) =>
      say`${facts.person ? accountOf(facts) : ['Eine unbekannte Adresse']} wurde bis ${time(facts.details.text('lockedUntil'))} für unbekannte Geräte gedrosselt`,
    'account.unlocked': (facts) =>
      facts.details.text('through') === 'administrator'
        ? say`${has(facts.actor)} die Drosselung${ofPerson(facts)} aufgehoben`
        : say`Die Drosselung${ofPerson(facts)} wurde durch das neue Passwort aufgehoben`,
    'device.trust_lost': (facts) => say`Einem Gerät${ofPerson(facts)} wird nicht mehr vertraut: zu viele Fehlversuche`,
    'token.reuse_detected': (facts) =>
      say`Ein benutztes Refresh-Token kam wieder. Die Sitzung${ofPerson(facts)} wurde beendet`,
    'database.failover_observed': () => ['Das Gateway sah, dass ein anderer Datenbankserver der Primärserver wurde'],
    'policy.refused': (facts) =>
      say`Der Hook ${value(facts.details.text('point'))} hat${facts.person ? say` ${acc(facts.person)}` : []} abgelehnt${because(facts.details)}`,
    'hook.failed': ({ details }) =>
      say`Der Hook ${value(details.text('point'))} ist fehlgeschlagen: ${value(details.text('problem'))}`,
    'audit_key.created': () => ['Das Gateway hat den Schlüssel erzeugt, der das Protokoll versiegelt'],
    'signing_key.created': () => ['Das Gateway hat einen Signaturschlüssel erzeugt'],
    'signing_key.rotated': ({ actor }) => say`${has(actor)} den Signaturschlüssel gewechselt`,
    'signing_key.revoked': ({ actor }) => say`${has(actor)} einen Signaturschlüssel widerrufen`,
  },
};
