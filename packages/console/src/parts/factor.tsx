/** The second factor of a user in a table: the strongest one by name. */
import { Icon } from '@postern/react/ui';
import FingerprintPattern from 'lucide-react/icons/fingerprint-pattern';
import Smartphone from 'lucide-react/icons/smartphone';
import type { MfaMethod } from '../generated/operations.ts';
import { useMessages } from '../messages/messages.ts';

export function Factor({ methods }: { methods: readonly MfaMethod[] }) {
  const { factors } = useMessages();
  const [method, icon] = methods.includes('PASSKEY')
    ? ([factors.PASSKEY, FingerprintPattern] as const)
    : methods.includes('TOTP')
      ? ([factors.TOTP, Smartphone] as const)
      : ([factors.none, null] as const);
  return (
    <span className={icon ? 'factor' : 'factor none'}>
      {icon && <Icon of={icon} size={14} />}
      {method}
    </span>
  );
}
