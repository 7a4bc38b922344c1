/** The state of an account: a dot when it is normal, a chip with an icon when it is not. */
import { Chip, dateFormat } from '@postern/react/ui';
import Ban from 'lucide-react/icons/ban';
import Lock from 'lucide-react/icons/lock';
import Mail from 'lucide-react/icons/mail';
import Trash2 from 'lucide-react/icons/trash-2';
import type { UserStatus } from '../generated/operations.ts';
import { useLocale, useMessages } from '../messages/messages.ts';

export interface UserStateProps {
  user: { status: UserStatus; lockedUntil: string | null };
}

export function UserState({ user: { status, lockedUntil } }: UserStateProps) {
  const { states } = useMessages();
  const locale = useLocale();
  if (status === 'SUSPENDED')
    return (
      <Chip icon={Ban} kind="danger">
        {states.SUSPENDED}
      </Chip>
    );
  if (status === 'DELETED') return <Chip icon={Trash2}>{states.DELETED}</Chip>;
  if (lockedUntil !== null && new Date(lockedUntil) > new Date()) {
    const clock = dateFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(new Date(lockedUntil));
    return (
      <Chip icon={Lock} kind="warn">
        {states.lockedUntil(clock)}
      </Chip>
    );
  }
  if (status === 'INVITED')
    return (
      <Chip icon={Mail} kind="accent">
        {states.INVITED}
      </Chip>
    );
  return (
    <span className="state">
      <span className="dot" />
      {states.ACTIVE}
    </span>
  );
}
