/** The state of an account: a dot when it is normal, a chip with an icon when it is not. */
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
  if (status === 'SUSPENDED') return <StateChip icon={Ban} kind="danger" text={states.SUSPENDED} />;
  if (status === 'DELETED') return <StateChip icon={Trash2} kind="" text={states.DELETED} />;
  if (lockedUntil !== null && new Date(lockedUntil) > new Date()) {
    const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(new Date(lockedUntil));
    return <StateChip icon={Lock} kind="warn" text={states.lockedUntil(clock)} />;
  }
  if (status === 'INVITED') return <StateChip icon={Mail} kind="accent" text={states.INVITED} />;
  return (
    <span className="state">
      <span className="dot" />
      {states.ACTIVE}
    </span>
  );
}

function StateChip({ icon: Icon, kind, text }: { icon: typeof Ban; kind: string; text: string }) {
  return (
    <span className={`chip ${kind}`}>
      <Icon className="i" aria-hidden="true" />
      {text}
    </span>
  );
}
