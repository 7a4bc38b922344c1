/** The wording of every mail, in one place: plain text and HTML from the same paragraphs, everything escaped. */
import type { Mail } from './mail.ts';

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

interface Wording {
  subject: string;
  paragraphs: string[];
  /** A button that carries the token in the link's fragment, which no server and no mail scanner gets to spend. */
  action?: { label: string; path: string; token: string };
}

export interface Branding {
  productName: string;
  appUrl: string;
}

export function renderMail(mail: Mail, branding: Branding): RenderedMail {
  const { subject, paragraphs, action } = wordingOf(mail);
  const link = action && `${branding.appUrl}${action.path}#token=${action.token}`;
  const closing = `${branding.productName} - ${branding.appUrl}`;
  const text = [...paragraphs, ...(action && link ? [`${action.label}:\n${link}`] : []), closing].join('\n\n');
  const body = [
    ...paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`),
    ...(action && link ? [button(action.label, link)] : []),
  ].join('\n');
  return { subject, text: `${text}\n`, html: page(subject, body, closing) };
}

function wordingOf({ kind, variables }: Mail): Wording {
  switch (kind) {
    case 'verify_email':
      return {
        subject: 'Confirm your e-mail address',
        paragraphs: [
          `Somebody registered with this address on ${occasion(variables.requestedAt, variables.ipAddress)}. If that was you, confirm it within 24 hours.`,
          'If it was not you, do nothing: without your confirmation there is no account.',
        ],
        action: { label: 'Confirm my address', path: '/verify-email', token: variables.token },
      };
    case 'already_registered':
      return {
        subject: 'You already have an account',
        paragraphs: [
          `Somebody tried to register with this address on ${occasion(variables.requestedAt, variables.ipAddress)}. It has an account already, and nothing was changed.`,
          'If that was you, sign in, or reset your password if you have forgotten it.',
        ],
      };
    case 'password_changed':
      return {
        subject: 'Your password was changed',
        paragraphs: [
          `The password of your account was set on ${occasion(variables.changedAt, variables.ipAddress)}.`,
          'If that was not you, contact us now.',
        ],
      };
    case 'password_reset':
      return {
        subject: 'Reset your password',
        paragraphs: [
          `Somebody asked on ${occasion(variables.requestedAt, variables.ipAddress)} to reset the password of this address. If that was you, choose a new one within the hour. It signs every device out.`,
          'If it was not you, do nothing: your password stays as it is.',
        ],
        action: { label: 'Choose a new password', path: '/reset-password', token: variables.token },
      };
    case 'account_locked':
      return {
        subject: 'Somebody tries to guess your password',
        paragraphs: [
          `There were too many wrong passwords for your account, the last one from ${variables.ipAddress ?? 'an unknown address'}. Until ${moment(variables.lockedUntil)} new devices cannot sign in.`,
          'A device that you have signed in with before still can. If you have forgotten your password, reset it: that lifts the lock.',
        ],
      };
    case 'new_sign_in': {
      const device = variables.deviceName ?? variables.userAgent ?? 'an unknown device';
      return {
        subject: 'A new sign-in to your account',
        paragraphs: [
          `Somebody signed in on ${occasion(variables.signedInAt, variables.ipAddress)} with ${device}.`,
          'If that was you, there is nothing to do. If not, follow the link: it ends that session and sends you a mail to reset your password.',
        ],
        action: { label: 'This was not me', path: '/not-me', token: variables.token },
      };
    }
    case 'email_change_confirm':
      return {
        subject: 'Confirm your new e-mail address',
        paragraphs: [
          `Somebody asked on ${occasion(variables.requestedAt, variables.ipAddress)} to use this address for their account. If that was you, confirm it within the hour.`,
          'If it was not you, do nothing: nothing changes without your confirmation.',
        ],
        action: { label: 'Confirm my new address', path: '/confirm-email', token: variables.token },
      };
    case 'email_change_requested':
      return {
        subject: 'Your e-mail address is about to change',
        paragraphs: [
          `Somebody asked on ${occasion(variables.requestedAt, variables.ipAddress)} to change the address of your account to ${variables.newEmail}.`,
          'If that was you, follow the link in the mail to the new address. If not, follow this link: it stops the change, ends every session and sends you a mail to reset your password.',
        ],
        action: { label: 'This was not me', path: '/not-me', token: variables.token },
      };
    case 'email_changed':
      return {
        subject: 'Your e-mail address was changed',
        paragraphs: [
          `The address of your account was changed on ${occasion(variables.changedAt, variables.ipAddress)} to ${variables.newEmail}.`,
          'If that was not you, follow the link: it brings this address back, ends every session and sends you a mail to reset your password.',
        ],
        action: { label: 'This was not me', path: '/not-me', token: variables.token },
      };
    case 'mfa_enabled':
      return {
        subject: 'A second factor was added',
        paragraphs: [
          `${factor(variables.method)} was set up for your account on ${occasion(variables.changedAt, variables.ipAddress)}.`,
          'If that was not you, reset your password now and contact us.',
        ],
      };
    case 'mfa_disabled':
      return {
        subject: 'A second factor was removed',
        paragraphs: [
          `${factor(variables.method)} of your account was removed on ${occasion(variables.changedAt, variables.ipAddress)}.`,
          'If that was not you, reset your password now and contact us.',
        ],
      };
    case 'backup_code_used':
      return {
        subject: 'A backup code was used',
        paragraphs: [
          `Somebody signed in with one of your backup codes on ${occasion(variables.usedAt, variables.ipAddress)}. ${variables.remaining} remain.`,
          ...(variables.remaining < 3 ? ['Make new ones soon: without them, losing your app locks you out.'] : []),
          'If that was not you, reset your password now and contact us.',
        ],
      };
    case 'backup_codes_regenerated':
      return {
        subject: 'You have new backup codes',
        paragraphs: [
          `New backup codes were made for your account on ${occasion(variables.changedAt, variables.ipAddress)}. The ones before work no more.`,
          'If that was not you, reset your password now and contact us.',
        ],
      };
    case 'invitation':
      return {
        subject: 'You are invited',
        paragraphs: [
          `An account was made for you. Choose a password until ${moment(variables.expiresAt)} to begin.`,
          'If you did not expect this, do nothing.',
        ],
        action: { label: 'Choose a password', path: '/accept-invitation', token: variables.token },
      };
    case 'account_deleted':
      return {
        subject: 'Your account was deleted',
        paragraphs: [
          `Your account was deleted on ${occasion(variables.deletedAt, variables.ipAddress)}. What we hold of you is erased after ${moment(variables.purgeAt)}.`,
          'If that was not you, contact us before then: until that time the account can be restored.',
        ],
      };
    case 'account_restored':
      return {
        subject: 'Your account was restored',
        paragraphs: [`Your account was restored on ${moment(variables.restoredAt)}. You can sign in again.`],
      };
    case 'token_reuse_detected': {
      const device = variables.deviceName ? ` of "${variables.deviceName}"` : '';
      return {
        subject: 'We ended one of your sessions',
        paragraphs: [
          `On ${occasion(variables.detectedAt, variables.ipAddress)} an old sign-in token${device} was used again. This can mean that it was copied, so we signed that device out.`,
          'Sign in again. If you do not recognise this, reset your password.',
        ],
      };
    }
  }
}

function factor(method: 'TOTP' | 'PASSKEY' | 'ALL'): string {
  return { TOTP: 'An authenticator app', PASSKEY: 'A passkey', ALL: 'Every second factor' }[method];
}

function occasion(iso: string, ipAddress: string | null): string {
  return ipAddress === null ? moment(iso) : `${moment(iso)} from the address ${ipAddress}`;
}

function moment(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' at ')} UTC`;
}

function button(label: string, link: string): string {
  return `<p style="margin:32px 0"><a href="${escapeHtml(link)}" style="background:#1f4b99;border-radius:6px;color:#fff;display:inline-block;padding:12px 24px;text-decoration:none">${escapeHtml(label)}</a></p>
<p style="color:#5b6472;font-size:13px">Or copy this link:<br><span style="word-break:break-all">${escapeHtml(link)}</span></p>`;
}

function page(subject: string, body: string, closing: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(subject)}</title></head>
<body style="background:#f3f5f8;margin:0;padding:24px">
<div style="background:#fff;border-radius:8px;color:#1c2430;font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:560px;padding:32px">
<h1 style="font-size:20px;margin:0 0 16px">${escapeHtml(subject)}</h1>
${body}
<p style="border-top:1px solid #e3e7ee;color:#5b6472;font-size:13px;margin:32px 0 0;padding-top:16px">${escapeHtml(closing)}</p>
</div></body></html>
`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
