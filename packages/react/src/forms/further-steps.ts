/** The steps after the first one, as one file. */
export { FinishSignUp } from './finish-sign-up.tsx';
export { LinkAccount } from './link-account.tsx';
export { MailCode } from './mail-code.tsx';
export { SecondStep } from './second-step.tsx';
