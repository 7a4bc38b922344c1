/** `@postern/react`: the provider and the hooks. The forms are in `@postern/react/forms`. */
export { type SecurityEvent, type UseActivity, useActivity } from './account/use-activity.ts';
export { type ApiKeyActions, type NewApiKey, type UseApiKeys, useApiKeys } from './account/use-api-keys.ts';
export { useEnabledMethods } from './account/use-enabled-methods.ts';
export { type Provider, type UseIdentities, useIdentities, useProviders } from './account/use-identities.ts';
export { type UsePasskeys, usePasskeys } from './account/use-passkeys.ts';
export {
  type PasswordPolicy,
  type UsePassword,
  usePassword,
  usePasswordPolicy,
  useSignInMethods,
} from './account/use-password.ts';
export { type PhoneRules, type UsePhones, usePhones } from './account/use-phones.ts';
export { type UseProfile, useProfile } from './account/use-profile.ts';
export { type UseRegister, useRegister } from './account/use-register.ts';
export { type UseSessions, useSessions } from './account/use-sessions.ts';
export { type TotpEnrollment, type UseTotp, useTotp } from './account/use-totp.ts';
export { type UseCaptcha, useCaptcha } from './captcha/use-captcha.ts';
export { type Loaded, useLoaded } from './loading/use-loaded.ts';
export type { Pages } from './loading/use-pages.ts';
export { de } from './messages/de.ts';
export { en } from './messages/en.ts';
export type { Messages } from './messages/messages.ts';
export { type Language, LanguageContext, useLanguage } from './messages/messages-context.ts';
export { usePosternClient } from './provider/postern-context.ts';
export { PosternProvider, type PosternProviderProps } from './provider/postern-provider.tsx';
export type { SessionSnapshot, Viewer } from './session/session-store.ts';
export { RequirePermission, type SessionPartProps, SignedIn, SignedOut } from './session/signed-in.tsx';
export { type UseSession, type UseSignOut, useSession, useSignOut } from './session/use-session.ts';
export type {
  ConfirmMailStep,
  CredentialsStep,
  DoneStep,
  LinkStep,
  MailCodeStep,
  SecondStepStep,
  SignUpStep,
  UseSignIn,
} from './sign-in/use-sign-in.ts';
export { useSignIn } from './sign-in/use-sign-in.ts';
export { type StepUp, useStepUp } from './step-up/use-step-up.ts';
