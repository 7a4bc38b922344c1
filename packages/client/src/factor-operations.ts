/** Operations on the user's own second factors: authenticator app, backup codes, passkeys. */
import { AccountOperations } from './account-operations.ts';
import {
  BeginPasskeyRegistrationDocument,
  type BeginPasskeyRegistrationInput,
  BeginPhoneVerificationDocument,
  type BeginPhoneVerificationInput,
  BeginTotpEnrollmentDocument,
  type BeginTotpEnrollmentInput,
  ConfirmPasskeyDocument,
  type ConfirmPasskeyInput,
  ConfirmPasskeyRegistrationDocument,
  type ConfirmPasskeyRegistrationInput,
  ConfirmPhoneDocument,
  type ConfirmPhoneInput,
  ConfirmTotpEnrollmentDocument,
  type ConfirmTotpEnrollmentInput,
  DisableTotpDocument,
  type DisableTotpInput,
  type OwnPasskeyFragment,
  PasskeysDocument,
  PhonesDocument,
  type PhonesQuery,
  RegenerateBackupCodesDocument,
  type RegenerateBackupCodesInput,
  RemovePasskeyDocument,
  type RemovePasskeyInput,
  RemovePhoneDocument,
  type RemovePhoneInput,
  RenamePasskeyDocument,
  type RenamePasskeyInput,
} from './generated/operations.ts';
import { makePasskey } from './passkeys/passkey-prompt.ts';

export abstract class FactorOperations extends AccountOperations {
  async beginTotpEnrollment(input: BeginTotpEnrollmentInput = {}) {
    return (await this.ask(BeginTotpEnrollmentDocument, { input })).beginTotpEnrollment;
  }

  async confirmTotpEnrollment(input: ConfirmTotpEnrollmentInput) {
    return (await this.ask(ConfirmTotpEnrollmentDocument, { input })).confirmTotpEnrollment;
  }

  async disableTotp(input: DisableTotpInput) {
    return (await this.ask(DisableTotpDocument, { input })).disableTotp;
  }

  async regenerateBackupCodes(input: RegenerateBackupCodesInput) {
    return (await this.ask(RegenerateBackupCodesDocument, { input })).regenerateBackupCodes;
  }

  async passkeys(): Promise<OwnPasskeyFragment[] | null> {
    return (await this.ask(PasskeysDocument, {})).viewer?.passkeys ?? null;
  }

  async beginPasskeyRegistration(input: BeginPasskeyRegistrationInput = {}) {
    return (await this.ask(BeginPasskeyRegistrationDocument, { input })).beginPasskeyRegistration;
  }

  async confirmPasskeyRegistration(input: ConfirmPasskeyRegistrationInput) {
    return (await this.ask(ConfirmPasskeyRegistrationDocument, { input })).confirmPasskeyRegistration;
  }

  /** With the token of the mail about a new passkey: it signs in without the password at once. The user need not be signed in. */
  async confirmPasskey(input: ConfirmPasskeyInput) {
    return (await this.send(ConfirmPasskeyDocument, { input })).confirmPasskey;
  }

  /**
   * Begins the registration, shows the prompt of the browser and confirms.
   * @throws PosternError PASSKEY_CANCELLED, PASSKEY_UNSUPPORTED, PASSKEY_ALREADY_REGISTERED or PASSKEY_FAILED
   */
  async addPasskey({ name, ...shown }: { name: string } & BeginPasskeyRegistrationInput) {
    const { options } = await this.beginPasskeyRegistration(shown);
    return this.confirmPasskeyRegistration({ name, response: await makePasskey(options) });
  }

  async renamePasskey(input: RenamePasskeyInput) {
    return (await this.ask(RenamePasskeyDocument, { input })).renamePasskey;
  }

  async removePasskey(input: RemovePasskeyInput) {
    return (await this.ask(RemovePasskeyDocument, { input })).removePasskey;
  }

  /** The verified phones, and `phoneRules`: null where the operator sends no text messages. Null without a session. */
  async phones(): Promise<PhonesQuery['viewer']> {
    return (await this.ask(PhonesDocument, {})).viewer;
  }

  /** Sends a code to the number. `confirmPhone` takes it, in the same session. */
  async beginPhoneVerification(input: BeginPhoneVerificationInput) {
    return (await this.ask(BeginPhoneVerificationDocument, { input })).beginPhoneVerification;
  }

  async confirmPhone(input: ConfirmPhoneInput) {
    return (await this.ask(ConfirmPhoneDocument, { input })).confirmPhone.phone;
  }

  async removePhone(input: RemovePhoneInput) {
    return (await this.ask(RemovePhoneDocument, { input })).removePhone;
  }
}
