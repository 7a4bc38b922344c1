/** The German texts. */
import { german as acceptInvitation } from './de/accept-invitation.ts';
import { german as activity } from './de/activity.ts';
import { german as apiKeys } from './de/api-keys.tsx';
import { german as backupCodes } from './de/backup-codes.ts';
import { german as captcha } from './de/captcha.ts';
import { german as changePassword } from './de/change-password.ts';
import { german as confirmEmail } from './de/confirm-email.ts';
import { german as confirmPasskey } from './de/confirm-passkey.ts';
import { german as copying } from './de/copying.ts';
import { german as deleteAccount } from './de/delete-account.ts';
import { german as exportData } from './de/export-data.ts';
import { german as signUp } from './de/finish-sign-up.tsx';
import { german as forgotPassword } from './de/forgot-password.tsx';
import { german as identities } from './de/identities.tsx';
import { german as link } from './de/link-account.tsx';
import { german as mailCode } from './de/mail-code.tsx';
import { german as methods } from './de/methods.ts';
import { german as notMe } from './de/not-me.ts';
import { german as passkeys } from './de/passkeys.tsx';
import { german as passwordRules } from './de/password-rules.tsx';
import { german as phones } from './de/phones.tsx';
import { german as profile } from './de/profile.ts';
import { german as providerReturn } from './de/provider-return.ts';
import { german as reasons } from './de/reasons.ts';
import { german as register } from './de/register.tsx';
import { german as resetPassword } from './de/reset-password.ts';
import { german as secondFactors } from './de/second-factors.ts';
import { german as secondStep } from './de/second-step.tsx';
import { german as security } from './de/security.ts';
import { german as sessions } from './de/sessions.tsx';
import { german as shared } from './de/shared.ts';
import { german as signIn } from './de/sign-in.ts';
import { german as stepUp } from './de/step-up.ts';
import { german as totp } from './de/totp.ts';
import { german as verifyEmail } from './de/verify-email.ts';
import type { Messages } from './messages.ts';

export const de: Messages = {
  ...shared,
  acceptInvitation,
  activity,
  apiKeys,
  backupCodes,
  captcha,
  changePassword,
  confirmEmail,
  confirmPasskey,
  copying,
  deleteAccount,
  exportData,
  forgotPassword,
  identities,
  link,
  mailCode,
  methods,
  notMe,
  passkeys,
  passwordRules,
  phones,
  profile,
  providerReturn,
  reasons,
  register,
  resetPassword,
  secondFactors,
  secondStep,
  security,
  sessions,
  signIn,
  signUp,
  stepUp,
  totp,
  verifyEmail,
};
