/** The mails in German. */
import type { RiskSignal } from '../../persistence/risk/risk-assessment.ts';
import { linkSeconds, type MailVariables, type SecondFactor } from '../mail.ts';
import type { Wording } from './wording.ts';

const takeBack =
  'Falls Sie das waren, brauchen Sie nichts zu tun. Falls nicht, folgen Sie dem Link: Er beendet die Sitzung, die das getan hat, entfernt alle Faktoren, die seit ihrem Beginn hinzukamen, und Sie erhalten eine E-Mail, mit der Sie ein neues Passwort wählen können.';

export const german: Wording = {
  dates: 'de-DE',
  moment: (date, time) => `${date} um ${time} Uhr (UTC)`,
  device: (browser, system) => (browser && system ? `${browser} unter ${system}` : (browser ?? system ?? '')),
  frame: {
    copyLink: 'Falls die Schaltfläche nicht funktioniert, kopieren Sie diesen Link in Ihren Browser:',
    help: 'Hilfe:',
    reason: (productName) =>
      `Sie erhalten diese E-Mail wegen Ihres Kontos bei ${productName} oder weil jemand eines für Sie angefragt hat.`,
  },
  mails: {
    verify_email: (mail, { moment, productName }) => ({
      subject: 'Bestätigen Sie Ihre E-Mail-Adresse',
      paragraphs: [
        `Am ${moment(mail.requestedAt)} hat sich jemand${from(mail.ipAddress)} mit dieser Adresse bei ${productName} registriert. Falls Sie das waren, bestätigen Sie sie bitte bis zum ${moment(mail.expiresAt)}.`,
        'Falls nicht, brauchen Sie nichts zu tun: Ohne Ihre Bestätigung entsteht kein Konto.',
      ],
      action: 'Adresse bestätigen',
    }),
    already_registered: (mail, { moment, productName }) => ({
      subject: 'Sie haben bereits ein Konto',
      paragraphs: [
        `Am ${moment(mail.requestedAt)} wollte sich jemand${from(mail.ipAddress)} mit dieser Adresse bei ${productName} registrieren. Für sie gibt es bereits ein Konto; es wurde nichts geändert.`,
        'Falls Sie das waren, melden Sie sich einfach an oder setzen Sie Ihr Passwort zurück, wenn Sie es vergessen haben. Falls nicht, brauchen Sie nichts zu tun.',
      ],
    }),
    choose_password: (mail, { moment, productName }) => ({
      subject: 'Wählen Sie ein Passwort',
      paragraphs: [
        `Ihre Adresse ist bestätigt, und Sie haben ein Konto bei ${productName}. Es hat noch kein Passwort: Mehrere haben diese Adresse registriert, und wir wissen nicht, welches Passwort Ihres ist.`,
        `Wählen Sie bitte bis zum ${moment(mail.expiresAt)} eines.`,
      ],
      action: 'Passwort wählen',
    }),
    account_is_deleted: (mail, { moment, productName }) => ({
      subject: 'Ihr Konto ist gelöscht',
      paragraphs: [
        `Am ${moment(mail.requestedAt)} nannte eine Anfrage${from(mail.ipAddress)} bei ${productName} Ihre Adresse. Das Konto dazu ist gelöscht und behält die Adresse bis zum ${moment(mail.purgeAt)}.`,
        'Bis dahin können Sie sich weder anmelden noch neu registrieren. Wenn Sie das Konto vorher wiederhaben möchten, wenden Sie sich bitte an uns. Falls die Anfrage nicht von Ihnen kam, brauchen Sie nichts zu tun.',
      ],
    }),
    password_reset: (mail, { moment, productName }) => ({
      subject: 'Passwort zurücksetzen',
      paragraphs: [
        `Am ${moment(mail.requestedAt)} hat jemand${from(mail.ipAddress)} darum gebeten, das Passwort Ihres Kontos bei ${productName} zurückzusetzen.`,
        `Falls Sie das waren, wählen Sie bitte bis zum ${moment(mail.requestedAt, linkSeconds.password_reset)} ein neues. Sie werden damit auf allen Geräten abgemeldet.`,
        'Falls nicht, brauchen Sie nichts zu tun: Ihr Passwort bleibt, wie es ist.',
      ],
      action: 'Neues Passwort wählen',
    }),
    password_changed: (mail, { moment, productName }) => ({
      subject: 'Ihr Passwort wurde geändert',
      paragraphs: [
        `Das Passwort Ihres Kontos bei ${productName} wurde am ${moment(mail.changedAt)}${from(mail.ipAddress)} neu gesetzt.`,
        takeBack,
      ],
      action: 'Das war ich nicht',
    }),
    account_locked: (mail, { moment, productName }) => ({
      subject: 'Zu viele fehlgeschlagene Anmeldungen bei Ihrem Konto',
      paragraphs: [
        `Für Ihr Konto bei ${productName} wurde zu oft ein falsches Passwort eingegeben${mail.ipAddress === null ? '' : `, zuletzt von der IP-Adresse ${mail.ipAddress}`}. Bis zum ${moment(mail.lockedUntil)} ist die Anmeldung von neuen Geräten gesperrt.`,
        'Auf einem Gerät, das Sie schon benutzt haben, können Sie sich weiterhin anmelden. Wenn Sie Ihr Passwort vergessen haben, setzen Sie es zurück: Das hebt die Sperre auf.',
      ],
    }),
    new_sign_in: (mail, { moment, device, place, productName }) => ({
      subject: 'Neue Anmeldung bei Ihrem Konto',
      paragraphs: [
        `Am ${moment(mail.signedInAt)} hat sich jemand${from(mail.ipAddress)}${mail.place ? ` (${mail.place.city === null ? '' : 'bei '}${place(mail.place)})` : ''} bei Ihrem ${productName}-Konto angemeldet, und zwar mit ${device(mail.deviceName, mail.userAgent) ?? 'einem unbekannten Gerät'}.`,
        ...unusual(mail.signals),
        'Falls Sie das waren, brauchen Sie nichts zu tun. Falls nicht, folgen Sie dem Link: Er beendet diese Sitzung, entfernt alle Faktoren, die seit ihrem Beginn hinzukamen, und Sie erhalten eine E-Mail, mit der Sie ein neues Passwort wählen können.',
      ],
      action: 'Das war ich nicht',
    }),
    token_reuse_detected: (mail, { moment, device, productName }) => ({
      subject: 'Wir haben eine Ihrer Sitzungen beendet',
      paragraphs: [
        `Am ${moment(mail.detectedAt)} wurde${from(mail.ipAddress)} ein alter Schlüssel zu Ihrer Sitzung bei ${productName}${on(device(mail.deviceName, null))} noch einmal verwendet. Vielleicht hat ihn jemand kopiert; deshalb haben wir das Gerät abgemeldet.`,
        'Sie können sich wieder anmelden. Wenn Sie sich das nicht erklären können, setzen Sie bitte auch Ihr Passwort zurück.',
      ],
    }),
    email_change_confirm: (mail, { moment, productName }) => ({
      subject: 'Bestätigen Sie Ihre neue E-Mail-Adresse',
      paragraphs: [
        `Am ${moment(mail.requestedAt)} hat jemand${from(mail.ipAddress)} darum gebeten, diese Adresse für ein Konto bei ${productName} zu verwenden. Falls Sie das waren, bestätigen Sie sie bitte bis zum ${moment(mail.requestedAt, linkSeconds.email_change_confirm)}.`,
        'Falls nicht, brauchen Sie nichts zu tun: Ohne Ihre Bestätigung ändert sich nichts.',
      ],
      action: 'Neue Adresse bestätigen',
    }),
    email_change_requested: (mail, { moment, productName }) => ({
      subject: 'Ihre E-Mail-Adresse soll geändert werden',
      paragraphs: [
        `Am ${moment(mail.requestedAt)} hat jemand${from(mail.ipAddress)} darum gebeten, die Adresse Ihres Kontos bei ${productName} in ${mail.newEmail} zu ändern.`,
        'Falls Sie das waren, folgen Sie dem Link in der E-Mail an die neue Adresse. Falls nicht, folgen Sie diesem hier: Er verhindert die Änderung, beendet alle Sitzungen, entfernt alle Faktoren, die seit der Anfrage hinzukamen, und Sie erhalten eine E-Mail, mit der Sie ein neues Passwort wählen können.',
      ],
      action: 'Das war ich nicht',
    }),
    email_changed: (mail, { moment, productName }) => ({
      subject: 'Ihre E-Mail-Adresse wurde geändert',
      paragraphs: [
        `Die Adresse Ihres Kontos bei ${productName} wurde am ${moment(mail.changedAt)}${from(mail.ipAddress)} in ${mail.newEmail} geändert.`,
        'Falls Sie das nicht waren, folgen Sie dem Link: Er stellt diese Adresse wieder her, beendet alle Sitzungen, entfernt alle Faktoren, die seit der Anfrage hinzukamen, und Sie erhalten eine E-Mail, mit der Sie ein neues Passwort wählen können.',
      ],
      action: 'Das war ich nicht',
    }),
    mfa_enabled: (mail, { moment, productName }) => ({
      subject: 'Ein zweiter Faktor wurde eingerichtet',
      paragraphs: [
        `Für Ihr Konto bei ${productName} wurde am ${moment(mail.changedAt)}${from(mail.ipAddress)} ${added[mail.method]} eingerichtet.`,
        takeBack,
      ],
      action: 'Das war ich nicht',
    }),
    mfa_disabled: (mail, { moment, productName }) => ({
      subject: 'Ein zweiter Faktor wurde entfernt',
      paragraphs: [
        `Am ${moment(mail.changedAt)} ${removed[mail.method]} Ihres Kontos bei ${productName}${from(mail.ipAddress)} entfernt.`,
        takeBack,
      ],
      action: 'Das war ich nicht',
    }),
    identity_linked: (mail, { moment, productName }) => ({
      subject: 'Ein Anmeldeweg wurde hinzugefügt',
      paragraphs: [
        `Am ${moment(mail.changedAt)} wurde${from(mail.ipAddress)} ein Konto bei ${mail.provider} mit Ihrem Konto bei ${productName} verknüpft. Damit kann man sich anmelden.`,
        takeBack,
      ],
      action: 'Das war ich nicht',
    }),
    identity_unlinked: (mail, { moment, productName }) => ({
      subject: 'Ein Anmeldeweg wurde entfernt',
      paragraphs: [
        `Am ${moment(mail.changedAt)} wurde${from(mail.ipAddress)} die Verknüpfung Ihres Kontos bei ${productName} mit einem Konto bei ${mail.provider} entfernt.`,
        takeBack,
      ],
      action: 'Das war ich nicht',
    }),
    phone_added: (mail, { moment, productName }) => ({
      subject: 'Ein Telefon wurde hinzugefügt',
      paragraphs: [
        `Am ${moment(mail.changedAt)} wurde${from(mail.ipAddress)} das Telefon ${mail.number} Ihres Kontos bei ${productName} bestätigt. ${mail.factor ? 'Codes an dieses Telefon gelten als zweiter Schritt der Anmeldung.' : 'Es ist kein zweiter Schritt der Anmeldung.'}`,
        takeBack,
      ],
      action: 'Das war ich nicht',
    }),
    phone_removed: (mail, { moment, productName }) => ({
      subject: 'Ein Telefon wurde entfernt',
      paragraphs: [
        `Am ${moment(mail.changedAt)} wurde${from(mail.ipAddress)} das Telefon ${mail.number} Ihres Kontos bei ${productName} entfernt.`,
        takeBack,
      ],
      action: 'Das war ich nicht',
    }),
    backup_code_used: (mail, { moment, productName }) => ({
      subject: 'Ein Backup-Code wurde verwendet',
      paragraphs: [
        `Am ${moment(mail.usedAt)} wurde${from(mail.ipAddress)} einer der Backup-Codes Ihres Kontos bei ${productName} verwendet. ${mail.remaining === 1 ? 'Es ist noch einer' : `Es sind noch ${mail.remaining === 0 ? 'keine' : mail.remaining}`} übrig.`,
        ...(mail.remaining < 3
          ? ['Erzeugen Sie bald neue: Ohne sie verlieren Sie mit Ihrem Gerät auch den Zugang zu Ihrem Konto.']
          : []),
        takeBack,
      ],
      action: 'Das war ich nicht',
    }),
    backup_codes_regenerated: (mail, { moment, productName }) => ({
      subject: 'Sie haben neue Backup-Codes',
      paragraphs: [
        `Für Ihr Konto bei ${productName} wurden am ${moment(mail.changedAt)}${from(mail.ipAddress)} neue Backup-Codes erzeugt. Die bisherigen gelten nicht mehr.`,
        takeBack,
      ],
      action: 'Das war ich nicht',
    }),
    passkey_confirm: (mail, { moment, productName }) => ({
      subject: 'Bestätigen Sie Ihren neuen Passkey',
      paragraphs: [
        `Für Ihr Konto bei ${productName} wurde am ${moment(mail.addedAt)}${from(mail.ipAddress)} ein Passkey eingerichtet. Er funktioniert zusammen mit Ihrem Passwort. Ab dem ${moment(mail.addedAt, linkSeconds.passkey_confirm)} können Sie sich mit ihm auch ohne Passwort anmelden.`,
        'Falls Sie ihn eingerichtet haben, folgen Sie dem Link, um ihn schon jetzt ohne Passwort zu nutzen. Falls nicht, folgen Sie dem Link in unserer anderen E-Mail dazu, der „Das war ich nicht“ heißt.',
      ],
      action: 'Passkey bestätigen',
    }),
    passkey_clone_suspected: (mail, { moment, productName }) => ({
      subject: 'Einer Ihrer Passkeys wurde vielleicht kopiert',
      paragraphs: [
        `Am ${moment(mail.detectedAt)} hat jemand${from(mail.ipAddress)} versucht, sich mit einem Passkey bei Ihrem Konto bei ${productName} anzumelden, der wie eine Kopie des Ihren aussieht. Wir haben die Anmeldung nicht zugelassen.`,
        `Es geht um den Passkey, den Sie „${mail.name}“ genannt haben. Entfernen Sie ihn in Ihrem Konto und richten Sie einen neuen ein.`,
      ],
    }),
    account_recovered: (mail, { moment, productName }) => ({
      subject: 'Ihr Konto wurde gesichert',
      paragraphs: [
        `Am ${moment(mail.recoveredAt)} haben Sie uns${from(mail.ipAddress)} mitgeteilt, dass nicht Sie in Ihrem Konto bei ${productName} tätig waren. Wir haben die andere Person abgemeldet und vertrauen den Geräten nicht mehr, mit denen Sie sich bisher angemeldet haben.`,
        `Wir haben ${removedSince(mail)} entfernt. Ihre übrigen Sitzungen müssen den zweiten Faktor erneut nachweisen, falls Sie einen haben.`,
        mail.password
          ? 'Ihr Passwort gilt nicht mehr. Wählen Sie ein neues mit dem Link in der E-Mail „Passwort zurücksetzen“.'
          : 'Wählen Sie ein neues Passwort mit dem Link in der E-Mail „Passwort zurücksetzen“.',
      ],
    }),
    api_key_expiring: (mail, { moment, productName }) => ({
      subject: 'Einer Ihrer API-Schlüssel läuft bald ab',
      paragraphs: [
        `Der API-Schlüssel „${mail.name}“${ofServiceAccount(mail)} bei ${productName} läuft am ${moment(mail.expiresAt)} ab. Danach wird er abgelehnt.`,
        'Falls Ihre Programme den Zugang noch brauchen, erzeugen Sie vorher einen neuen Schlüssel und tragen Sie ihn dort ein.',
      ],
    }),
    api_key_expired: (mail, { moment, productName }) => ({
      subject: 'Einer Ihrer API-Schlüssel ist abgelaufen',
      paragraphs: [
        `Der API-Schlüssel „${mail.name}“${ofServiceAccount(mail)} bei ${productName} ist am ${moment(mail.expiresAt)} abgelaufen. Er wird abgelehnt.`,
        'Falls Ihre Programme den Zugang noch brauchen, erzeugen Sie einen neuen Schlüssel.',
      ],
    }),
    webhook_disabled: ({ host, description, reason, disabledAt }, { moment, productName }) => ({
      subject: 'Ein Webhook wurde abgeschaltet',
      paragraphs: [
        `${productName} hat den Webhook für ${host}${description === null ? '' : ` („${description}“)`} am ${moment(disabledAt)} abgeschaltet: ${reason === 'gone' ? 'Sein Endpunkt hat geantwortet, dass es ihn nicht mehr gibt (410)' : 'Seit fünf Tagen hat ihn keine Nachricht erreicht'}. Er erhält keine Ereignisse mehr, und wartende Nachrichten wurden aufgegeben.`,
        'Richten Sie den Endpunkt und schalten Sie den Webhook danach in der Konsole wieder ein. Er beginnt mit neuen Ereignissen.',
      ],
    }),
    api_key_exposed: (mail, { moment, productName }) => ({
      subject: 'Einer Ihrer API-Schlüssel wurde offengelegt',
      paragraphs: [
        `Am ${moment(mail.seenAt)} enthielt die Adresse einer Anfrage an ${productName}${from(mail.ipAddress)} Ihren API-Schlüssel „${mail.name}“${ofServiceAccount(mail)}. Wir haben die Anfrage abgelehnt. Der Schlüssel gilt weiterhin, und Adressen stehen in Protokollen und im Verlauf von Browsern.`,
        'Erzeugen Sie einen neuen Schlüssel, tragen Sie ihn in Ihren Programmen ein und widerrufen Sie diesen. Senden Sie Schlüssel nur im Header „Authorization“.',
      ],
    }),
    sign_in_code: (mail, { moment, productName }) => ({
      subject: 'Ihr Code zur Anmeldung',
      paragraphs: [
        `Am ${moment(mail.requestedAt)} begann${from(mail.ipAddress)} eine Anmeldung bei Ihrem Konto bei ${productName}. Ihr Code:`,
        `Er gilt bis zum ${moment(mail.requestedAt, linkSeconds.sign_in_code)}. Geben Sie ihn nur auf der Seite ein, auf der Sie die Anmeldung begonnen haben, und geben Sie ihn nicht weiter.${mail.token === null ? '' : ' Im selben Browser meldet Sie die Schaltfläche ohne den Code an.'}`,
        'Falls Sie das nicht waren, müssen Sie nichts tun: Für die Anmeldung braucht man diese E-Mail.',
      ],
      code: mail.code,
      action: 'Anmelden',
    }),
    second_step_code: (mail, { moment, productName }) => ({
      subject: 'Ihr Bestätigungscode',
      paragraphs: [
        `Am ${moment(mail.requestedAt)} hat ${productName}${from(mail.ipAddress)} nach einer Bestätigung gefragt, dass Sie es sind. Ihr Code:`,
        `Er gilt bis zum ${moment(mail.requestedAt, linkSeconds.sign_in_code)}. Geben Sie ihn nur auf der Seite ein, die danach fragt, und geben Sie ihn nicht weiter.`,
        'Falls Sie das nicht waren, kennt vielleicht eine andere Person Ihr Passwort: Setzen Sie es zurück.',
      ],
      code: mail.code,
    }),
    invitation: (mail, { moment, productName }) => ({
      subject: 'Sie sind eingeladen',
      paragraphs: [
        `Für Sie wurde ein Konto bei ${productName} angelegt. Um es zu nutzen, wählen Sie bitte bis zum ${moment(mail.expiresAt)} ein Passwort.`,
        'Falls Sie das nicht erwartet haben, brauchen Sie nichts zu tun.',
      ],
      action: 'Passwort wählen',
    }),
    account_deleted: (mail, { moment, productName }) => ({
      subject: 'Ihr Konto wurde gelöscht',
      paragraphs: [
        `Ihr Konto bei ${productName} wurde am ${moment(mail.deletedAt)}${from(mail.ipAddress)} gelöscht. Nach dem ${moment(mail.purgeAt)} entfernen wir alles, was wir über Sie gespeichert haben.`,
        'Bis dahin lässt sich das Konto wiederherstellen. Falls Sie die Löschung nicht wollten, wenden Sie sich bitte vorher an uns.',
      ],
    }),
    account_restored: (mail, { moment, productName }) => ({
      subject: 'Ihr Konto wurde wiederhergestellt',
      paragraphs: [
        `Ihr Konto bei ${productName} wurde am ${moment(mail.restoredAt)} wiederhergestellt. Sie können sich wieder anmelden.`,
      ],
    }),
  },
};

function removedSince({
  passkeys,
  authenticatorApp,
  backupCodes,
  identities,
  apiKeys,
  phones,
}: MailVariables['account_recovered']): string {
  const removed = [
    ...(authenticatorApp ? ['eine Authenticator-App'] : []),
    ...(passkeys > 0 ? [passkeys === 1 ? 'einen Passkey' : `${passkeys} Passkeys`] : []),
    ...(backupCodes ? ['Backup-Codes'] : []),
    ...(identities > 0 ? [identities === 1 ? 'ein verknüpftes Konto' : `${identities} verknüpfte Konten`] : []),
    ...(apiKeys > 0 ? [apiKeys === 1 ? 'ein API-Schlüssel' : `${apiKeys} API-Schlüssel`] : []),
    ...(phones > 0 ? [phones === 1 ? 'ein Telefon' : `${phones} Telefone`] : []),
  ];
  return removed.length === 0 ? 'keinen zweiten Faktor' : `seitdem Hinzugekommenes (${removed.join(', ')})`;
}

const added: Readonly<Record<SecondFactor, string>> = { TOTP: 'eine Authenticator-App', PASSKEY: 'ein Passkey' };

const removed: Readonly<Record<SecondFactor | 'ALL', string>> = {
  TOTP: 'wurde die Authenticator-App',
  PASSKEY: 'wurde ein Passkey',
  ALL: 'wurden alle zweiten Faktoren',
};

const signalTexts: Readonly<Record<RiskSignal, string>> = {
  NEW_DEVICE: 'das Gerät ist neu',
  NEW_NETWORK: 'das Netz ist neu',
  NEW_COUNTRY: 'das Land ist neu',
  NEW_ASN: 'der Internetanbieter ist neu',
  IMPOSSIBLE_TRAVEL: 'die vorige Anmeldung war zu weit entfernt für die Zeit dazwischen',
  LONG_IDLE: 'das Konto wurde lange nicht benutzt',
  UNUSUAL_HOUR: 'die Tageszeit ist ungewöhnlich',
  MANY_ACCOUNTS_FROM_SOURCE: 'von derselben Adresse sind Anmeldungen bei vielen anderen Konten gescheitert',
  ANONYMISER: 'die Verbindung verbirgt ihre Herkunft, wie bei einem VPN',
  AUTOMATION: 'das Programm sieht nach einem Skript aus',
  BREACHED_PASSWORD: 'das Passwort steht in einer Liste gestohlener Passwörter, ändern Sie es bitte',
  DISPOSABLE_MAIL: 'Ihre Adresse gehört zu einem Dienst für Wegwerfadressen',
};

function unusual(signals: readonly RiskSignal[] = []): string[] {
  return signals.length === 0 ? [] : [`Ungewöhnlich war: ${signals.map((signal) => signalTexts[signal]).join('; ')}.`];
}

function ofServiceAccount({ serviceAccount }: { serviceAccount: string | null }): string {
  return serviceAccount === null ? '' : ` des Dienstkontos „${serviceAccount}“`;
}

function from(ipAddress: string | null): string {
  return ipAddress === null ? '' : ` von der IP-Adresse ${ipAddress}`;
}

function on(device: string | null): string {
  return device === null ? '' : ` auf dem Gerät ${device}`;
}
