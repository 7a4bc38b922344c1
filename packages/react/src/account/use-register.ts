/** Creating an account. */
import type {
  RegisterInput,
  RegistrationStatus,
  ResendVerificationEmailInput,
  VerifyEmailInput,
} from '@postern/client';
import { useMemo } from 'react';
import { usePostern } from '../provider/postern-context.ts';

export interface UseRegister {
  /** @returns `VERIFICATION_SENT` for a known address, too */
  register: (input: RegisterInput) => Promise<RegistrationStatus>;
  resend: (input: ResendVerificationEmailInput) => Promise<void>;
  /** With the token of the mail. */
  verify: (input: VerifyEmailInput) => Promise<void>;
}

export function useRegister(): UseRegister {
  const { client, captcha } = usePostern();
  return useMemo(
    () => ({
      register: async (input) => (await captcha.run('REGISTER', (options) => client.register(input, options))).status,
      resend: async (input) => {
        await client.resendVerificationEmail(input);
      },
      verify: async (input) => {
        await client.verifyEmail(input);
      },
    }),
    [client, captcha],
  );
}
