/** What an action does, one sentence an effect. */
import { Icon } from '@postern/react/ui';
import type { LucideIcon } from 'lucide-react';
import Ban from 'lucide-react/icons/ban';
import Clock from 'lucide-react/icons/clock';
import LockOpen from 'lucide-react/icons/lock-open';
import LogOut from 'lucide-react/icons/log-out';
import Mail from 'lucide-react/icons/mail';
import ShieldOff from 'lucide-react/icons/shield-off';
import UserCog from 'lucide-react/icons/user-cog';
import type { Effect, EffectKind } from './effect.ts';

const icons: Readonly<Record<EffectKind, LucideIcon>> = {
  sessions: LogOut,
  refused: Ban,
  mail: Mail,
  factors: ShieldOff,
  role: UserCog,
  unlocked: LockOpen,
  later: Clock,
};

export function Effects({ effects }: { effects: readonly Effect[] }) {
  return (
    <ul className="effects">
      {effects.map(([kind, sentence]) => (
        <li key={sentence}>
          <Icon of={icons[kind]} />
          {sentence}
        </li>
      ))}
    </ul>
  );
}
