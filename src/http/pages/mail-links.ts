/**
 * One page for each link of a mail, served while APP_URL is unset: then mails link to the gateway itself. A page changes
 * nothing until its button is pressed, because mail scanners open links.
 */
import type { FastifyInstance } from 'fastify';
import { mailLinkScript } from './mail-link-script.ts';
import { createCard, escapeHtml, type Page, sendPage } from './page.ts';

interface MailLink {
  title: string;
  /** What the button does. */
  effect: string;
  button: string;
  done: string;
  /** Takes `$input: { token }`, and `newPassword` where the page has such a field. */
  mutation: string;
  asksForPassword?: boolean;
}

const resetPassword = 'mutation ResetPassword($input: ResetPasswordInput!) { resetPassword(input: $input) { reset } }';

const mailLinks: Readonly<Record<string, MailLink>> = {
  'verify-email': {
    title: 'Confirm your email address',
    effect: 'This creates your account.',
    button: 'Confirm email address',
    done: 'Your email address is confirmed. You can sign in now. If a second mail asks you to choose a password, follow its link first.',
    mutation: 'mutation VerifyEmail($input: VerifyEmailInput!) { verifyEmail(input: $input) { verified } }',
  },
  'reset-password': {
    title: 'Choose a new password',
    effect: 'This signs you out of every session. Second factors stay.',
    button: 'Save new password',
    done: 'Your password is changed. Sign in with it.',
    mutation: resetPassword,
    asksForPassword: true,
  },
  'accept-invitation': {
    title: 'Accept the invitation',
    effect: 'Choose a password for your account.',
    button: 'Save password',
    done: 'Your account is ready. Sign in with your email address and the password.',
    mutation: resetPassword,
    asksForPassword: true,
  },
  'confirm-email': {
    title: 'Confirm your new email address',
    effect: 'You then sign in with this address.',
    button: 'Confirm new address',
    done: 'Your email address is changed.',
    mutation:
      'mutation ConfirmEmailChange($input: ConfirmEmailChangeInput!) { confirmEmailChange(input: $input) { __typename } }',
  },
  'confirm-passkey': {
    title: 'Confirm your new passkey',
    effect: 'It then signs in without your password.',
    button: 'Confirm passkey',
    done: 'Your passkey is confirmed.',
    mutation: 'mutation ConfirmPasskey($input: ConfirmPasskeyInput!) { confirmPasskey(input: $input) { confirmed } }',
  },
  'not-me': {
    title: 'Secure your account',
    effect:
      'This reverses the change in the mail and signs the other person out. You then receive a mail to choose a new password.',
    button: 'This was not me',
    done: 'Your account is secured. A mail with a link to a new password is on its way.',
    mutation: 'mutation DisownSession($input: DisownSessionInput!) { disownSession(input: $input) { revokedCount } }',
  },
};

const passwordPolicy = 'query PasswordPolicy { passwordPolicy { minLength requiredClasses } }';

/** What the pages send: the operations that TRUSTED_DOCUMENTS must know while the pages are served. */
export const mailLinkDocuments: readonly string[] = [
  passwordPolicy,
  ...new Set(Object.values(mailLinks).map(({ mutation }) => mutation)),
];

export function registerMailLinks(server: FastifyInstance): void {
  for (const [path, link] of Object.entries(mailLinks)) {
    const page = createMailLinkPage(link);
    server.get(`/${path}`, (_request, reply) => sendPage(reply, page));
  }
}

const style = `
label { display: block; font-weight: 500; margin-bottom: 4px; }
input { background: var(--surface); border: 1px solid var(--control); border-radius: 8px; color: var(--text); font: inherit; height: 44px; margin-bottom: 8px; padding: 0 12px; width: 100%; }
button { background: var(--accent); border: 0; border-radius: 8px; color: var(--on-accent); cursor: pointer; font: inherit; font-weight: 500; height: 44px; width: 100%; }
button[aria-busy=true] { cursor: progress; opacity: 0.7; } small { color: var(--text-2); display: block; margin-bottom: 16px; }
.problem { color: var(--danger); } .done { color: var(--ok); } ul { padding-left: 20px; } [hidden] { display: none; }
`;

function createMailLinkPage({ title, effect, button, done, mutation, asksForPassword = false }: MailLink): Page {
  const settings = { mutation, done, ...(asksForPassword && { passwordPolicy }) };
  const field = `<label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required maxlength="1024" aria-describedby="rules">
<small id="rules"></small>`;
  return createCard({
    title,
    style,
    script: mailLinkScript,
    policy: { 'require-trusted-types-for': "'script'", 'trusted-types': "'none'" },
    body: `<h1>${escapeHtml(title)}</h1>
<noscript><p>This page needs JavaScript.</p></noscript>
<form data-settings="${escapeHtml(JSON.stringify(settings))}">
<p>${escapeHtml(effect)}</p>
${asksForPassword ? field : ''}
<button type="submit">${escapeHtml(button)}</button>
</form>
<div id="problem" class="problem" role="alert" tabindex="-1" hidden></div>
<p id="done" class="done" role="status" tabindex="-1" hidden></p>`,
  });
}
