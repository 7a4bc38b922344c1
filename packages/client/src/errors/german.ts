/** The German texts of errors. */
import type { ErrorMessages } from './messages.ts';

export const germanErrors: ErrorMessages = {
  codes: {
    UNAUTHENTICATED: 'Bitte melden Sie sich an.',
    FORBIDDEN: 'Dazu fehlt Ihnen die Berechtigung.',
    REAUTHENTICATION_REQUIRED: 'Bitte bestätigen Sie zuerst Ihre Identität.',
    MFA_ENROLLMENT_REQUIRED: 'Ihr Konto braucht einen zweiten Faktor. Bitte richten Sie zuerst einen ein.',
    BAD_USER_INPUT: 'Bitte prüfen Sie Ihre Eingaben.',
    INVALID_CREDENTIALS: 'Die Anmeldedaten sind falsch. Bitte versuchen Sie es erneut.',
    EMAIL_NOT_VERIFIED: 'Bitte bestätigen Sie zuerst Ihre E-Mail-Adresse. Der Link steht in unserer E-Mail.',
    ACCOUNT_SUSPENDED: 'Dieses Konto ist gesperrt. Bitte wenden Sie sich an den Support.',
    EMAIL_TAKEN: 'Zu dieser E-Mail-Adresse gibt es bereits ein Konto.',
    INVALID_MFA_CODE: 'Dieser Code ist falsch oder wurde schon benutzt. Bitte versuchen Sie es erneut.',
    INVALID_MFA_TICKET: 'Diese Anmeldung ist abgelaufen. Bitte beginnen Sie von vorn.',
    MFA_ALREADY_ENABLED: 'Dieser zweite Faktor ist bereits eingerichtet.',
    MFA_NOT_ENABLED: 'Dieser zweite Faktor ist nicht eingerichtet.',
    INVALID_REFRESH_TOKEN: 'Ihre Sitzung ist beendet. Bitte melden Sie sich erneut an.',
    INVALID_TOKEN: 'Dieser Link ist ungültig oder abgelaufen. Bitte fordern Sie einen neuen an.',
    FEDERATED_LOGIN_FAILED:
      'Die Anmeldung bei diesem Anbieter ist nicht gelungen. Bitte versuchen Sie es erneut oder wählen Sie einen anderen Weg.',
    IDENTITY_TAKEN: 'Dieses Konto beim Anbieter ist mit einem anderen Benutzer verknüpft.',
    NOT_FOUND: 'Das gibt es nicht mehr.',
    CONFLICT: 'Das hat sich inzwischen geändert. Bitte laden Sie neu und versuchen Sie es erneut.',
    TOO_MANY_ATTEMPTS: 'Zu viele Fehlversuche. Bitte versuchen Sie es in {wait} erneut.',
    RATE_LIMITED: 'Zu viele Anfragen. Bitte versuchen Sie es in {wait} erneut.',
    CSRF_FAILED:
      'Ihre Sitzung konnte nicht bestätigt werden. Bitte laden Sie die Seite neu und versuchen Sie es erneut.',
    SERVICE_BUSY: 'Der Dienst ist ausgelastet. Bitte versuchen Sie es in {wait} erneut.',
    SERVICE_UNAVAILABLE: 'Der Dienst ist nicht verfügbar. Bitte versuchen Sie es in {wait} erneut.',
    GRAPHQL_PARSE_FAILED:
      'Diese Version der App passt nicht zum Dienst. Bitte laden Sie neu oder aktualisieren Sie die App.',
    GRAPHQL_VALIDATION_FAILED:
      'Diese Version der App passt nicht zum Dienst. Bitte laden Sie neu oder aktualisieren Sie die App.',
    BAD_REQUEST: 'Die Anfrage konnte nicht verarbeitet werden. Bitte laden Sie neu und versuchen Sie es erneut.',
    INTERNAL_SERVER_ERROR: 'Es ist ein Fehler aufgetreten. Bitte versuchen Sie es später erneut.',
    NO_ANSWER: 'Der Dienst ist nicht erreichbar. Bitte prüfen Sie Ihre Verbindung und versuchen Sie es erneut.',
    INVALID_OPTIONS: 'Die App ist nicht richtig eingerichtet. Bitte wenden Sie sich an den Support.',
    PASSKEY_CANCELLED:
      'Es wurde kein Passkey benutzt. Bitte versuchen Sie es erneut oder wählen Sie einen anderen Weg.',
    PASSKEY_UNSUPPORTED: 'Auf diesem Gerät gibt es keine Passkeys. Bitte wählen Sie einen anderen Weg.',
    PASSKEY_ALREADY_REGISTERED: 'Dieses Gerät hat bereits einen Passkey für Ihr Konto.',
    PASSKEY_FAILED:
      'Der Passkey ließ sich nicht benutzen. Bitte versuchen Sie es erneut oder wählen Sie einen anderen Weg.',
  },
  fields: {
    TOO_SHORT: 'Das ist zu kurz.',
    TOO_LONG: 'Das ist zu lang.',
    TOO_COMMON: 'Dieses Passwort ist zu verbreitet. Bitte wählen Sie ein anderes.',
    MISSING_CLASSES: 'Bitte verwenden Sie Groß- und Kleinbuchstaben, Ziffern und Sonderzeichen.',
    CONTEXT_WORD: 'Das Passwort darf Ihren Namen, Ihre Adresse und den Namen des Dienstes nicht enthalten.',
    BREACHED: 'Dieses Passwort ist aus einem Datenleck bekannt. Bitte wählen Sie ein anderes.',
    REUSED: 'Dieses Passwort haben Sie schon benutzt. Bitte wählen Sie ein anderes.',
    WRONG_PASSWORD: 'Das Passwort ist falsch.',
    INVALID_EMAIL: 'Bitte geben Sie eine E-Mail-Adresse an, zum Beispiel ada@example.com.',
    INVALID_CHARACTERS: 'Bitte verwenden Sie Buchstaben, Ziffern, Leerzeichen und Satzzeichen.',
    REQUIRED: 'Diese Angabe fehlt.',
    NO_CODE: 'Bitte geben Sie einen Code an.',
    INVALID: 'Diese Angabe ist ungültig.',
    OUT_OF_RANGE: 'Dieser Wert liegt außerhalb des erlaubten Bereichs.',
    UNCHANGED: 'Das ist unverändert.',
  },
  second: ['Sekunde', 'Sekunden'],
  minute: ['Minute', 'Minuten'],
};
