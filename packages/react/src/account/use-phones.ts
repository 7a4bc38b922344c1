/** The phones of the user. */
import type { OwnPhoneFragment, PhonesQuery, SentCodeFragment } from '@postern/client';
import { useCallback } from 'react';
import { type Loaded, useLoaded } from '../loading/use-loaded.ts';
import { usePostern } from '../provider/postern-context.ts';

/** `countries`, `maximum`, and with `factor` whether a phone can be a second factor of the user. */
export type PhoneRules = NonNullable<NonNullable<PhonesQuery['viewer']>['phoneRules']>;

export interface UsePhones extends Pick<Loaded<OwnPhoneFragment[]>, 'isLoading' | 'error' | 'reload'> {
  /** Null: not loaded yet. */
  phones: OwnPhoneFragment[] | null;
  /** Null: not loaded yet, or the operator sends no text messages. */
  rules: PhoneRules | null;
  /** Sends a code to the number. `confirm` takes it with the `flow`. */
  begin: (number: string) => Promise<SentCodeFragment>;
  /** @param phone `factor`: whether codes to it become a second factor */
  confirm: (phone: { flow: string; code: string; factor: boolean }) => Promise<OwnPhoneFragment>;
  remove: (id: string) => Promise<void>;
}

export function usePhones(): UsePhones {
  const { client, session, stepUp } = usePostern();
  const load = useCallback(async () => (await client.phones()) ?? { phones: [], phoneRules: null }, [client]);
  const { value, isLoading, error, reload } = useLoaded(load);
  return {
    phones: value?.phones ?? null,
    rules: value?.phoneRules ?? null,
    isLoading,
    error,
    reload,
    begin: (number) => stepUp.run(() => client.beginPhoneVerification({ number })),
    confirm: async (phone) => {
      const confirmed = await stepUp.run(() => client.confirmPhone(phone));
      await Promise.all([reload(), session.reload()]);
      return confirmed;
    },
    remove: async (id) => {
      await stepUp.run(() => client.removePhone({ id }));
      await Promise.all([reload(), session.reload()]);
    },
  };
}
