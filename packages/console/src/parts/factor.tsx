/** The second factor of a user in a table: the strongest one by name. */
import FingerprintPattern from 'lucide-react/icons/fingerprint-pattern';
import Smartphone from 'lucide-react/icons/smartphone';
import type { MfaMethod } from '../generated/operations.ts';
import { useMessages } from '../messages/messages.ts';

export function Factor({ methods }: { methods: readonly MfaMethod[] }) {
  const { factors } = useMessages();
  const [method, Icon] = methods.includes('PASSKEY')
    ? ([factors.PASSKEY, FingerprintPattern] as const)
    : methods.includes('TOTP')
      ? ([factors.TOTP, Smartphone] as const)
      : ([factors.none, null] as const);
  return (
    <span className={Icon ? 'factor' : 'factor none'}>
      {Icon && <Icon className="i i-14" aria-hidden="true" />}
      {method}
    </span>
  );
}
