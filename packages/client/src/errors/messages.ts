/** Texts for the users of an app, by error code and language. */
import type { PosternErrorCode } from './postern-error.ts';

export type MessageLocale = 'en' | 'de';

/** `{wait}` stands for the time to wait. */
type Texts = Record<PosternErrorCode, string>;

const en: Texts = {
  UNAUTHENTICATED: 'Please sign in.',
  FORBIDDEN: 'You do not have permission to do this.',
  REAUTHENTICATION_REQUIRED: 'Please confirm your identity first.',
  MFA_ENROLLMENT_REQUIRED: 'Your account needs a second factor. Please set one up first.',
  BAD_USER_INPUT: 'Please check your input.',
  INVALID_CREDENTIALS: 'The sign-in details are wrong. Please try again.',
  EMAIL_NOT_VERIFIED: 'Please confirm your e-mail address first. The link is in our e-mail.',
  ACCOUNT_SUSPENDED: 'This account is suspended. Please contact support.',
  EMAIL_TAKEN: 'An account with this e-mail address already exists.',
  INVALID_MFA_CODE: 'This code is wrong or was used before. Please try again.',
  INVALID_MFA_TICKET: 'This sign-in attempt has expired. Please start again.',
  MFA_ALREADY_ENABLED: 'This second factor is already set up.',
  MFA_NOT_ENABLED: 'This second factor is not set up.',
  INVALID_REFRESH_TOKEN: 'Your session has ended. Please sign in again.',
  INVALID_TOKEN: 'This link is invalid or has expired. Please request a new one.',
  FEDERATED_LOGIN_FAILED: 'The sign-in with this provider did not succeed. Please try again or choose another way.',
  IDENTITY_TAKEN: 'This account at the provider is linked to another user.',
  NOT_FOUND: 'This no longer exists.',
  CONFLICT: 'This has changed in the meantime. Please reload and try again.',
  TOO_MANY_ATTEMPTS: 'Too many failed attempts. Please try again in {wait}.',
  RATE_LIMITED: 'Too many requests. Please try again in {wait}.',
  CSRF_FAILED: 'Your session could not be confirmed. Please reload the page and try again.',
  SERVICE_BUSY: 'The service is busy. Please try again in {wait}.',
  SERVICE_UNAVAILABLE: 'The service is unavailable. Please try again in {wait}.',
  GRAPHQL_PARSE_FAILED: 'This version of the app does not work with the service. Please reload or update it.',
  GRAPHQL_VALIDATION_FAILED: 'This version of the app does not work with the service. Please reload or update it.',
  BAD_REQUEST: 'The request could not be processed. Please reload and try again.',
  INTERNAL_SERVER_ERROR: 'An error occurred. Please try again later.',
  NO_ANSWER: 'The service cannot be reached. Please check your connection and try again.',
  INVALID_OPTIONS: 'The app is not configured correctly. Please contact support.',
  PASSKEY_CANCELLED: 'No passkey was used. Please try again or choose another way.',
  PASSKEY_UNSUPPORTED: 'Passkeys are not available on this device. Please choose another way.',
  PASSKEY_ALREADY_REGISTERED: 'This device already has a passkey for your account.',
  PASSKEY_FAILED: 'The passkey could not be used. Please try again or choose another way.',
};

const de: Texts = {
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
  CSRF_FAILED: 'Ihre Sitzung konnte nicht bestätigt werden. Bitte laden Sie die Seite neu und versuchen Sie es erneut.',
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
  PASSKEY_CANCELLED: 'Es wurde kein Passkey benutzt. Bitte versuchen Sie es erneut oder wählen Sie einen anderen Weg.',
  PASSKEY_UNSUPPORTED: 'Auf diesem Gerät gibt es keine Passkeys. Bitte wählen Sie einen anderen Weg.',
  PASSKEY_ALREADY_REGISTERED: 'Dieses Gerät hat bereits einen Passkey für Ihr Konto.',
  PASSKEY_FAILED:
    'Der Passkey ließ sich nicht benutzen. Bitte versuchen Sie es erneut oder wählen Sie einen anderen Weg.',
};

/** The problems of fields, in German. The gateway's own texts are in English. */
const fieldsInGerman: Readonly<Record<string, string>> = {
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
};

const languages = {
  en: { texts: en, fields: {}, second: ['second', 'seconds'], minute: ['minute', 'minutes'] },
  de: { texts: de, fields: fieldsInGerman, second: ['Sekunde', 'Sekunden'], minute: ['Minute', 'Minuten'] },
} as const;

/** Accepts `de`, `de-AT`, `de_DE`, in any case. Other languages: English. */
export function localeIn(locale: string): MessageLocale {
  return /^de([-_]|$)/i.test(locale) ? 'de' : 'en';
}

/** @param seconds the time to wait */
export function textOf(code: string, locale: MessageLocale, seconds: number): string {
  const { texts } = languages[locale];
  const known = Object.entries(texts).find(([candidate]) => candidate === code)?.[1];
  return (known ?? texts.INTERNAL_SERVER_ERROR).replace('{wait}', waitText(seconds, locale));
}

/** Undefined: the gateway's own text is used. */
export function fieldText(code: string, locale: MessageLocale): string | undefined {
  return Object.entries(languages[locale].fields).find(([candidate]) => candidate === code)?.[1];
}

function waitText(seconds: number, locale: MessageLocale): string {
  const { second, minute } = languages[locale];
  const [count, [one, many]] = seconds < 60 ? [seconds, second] : [Math.ceil(seconds / 60), minute];
  return `${count} ${count === 1 ? one : many}`;
}
