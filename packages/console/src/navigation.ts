/** The pages of the console in the order of the navigation, and the permission that each one needs. */
import type { LucideIcon } from 'lucide-react';
import Bot from 'lucide-react/icons/bot';
import Gauge from 'lucide-react/icons/gauge';
import KeyRound from 'lucide-react/icons/key-round';
import LayoutDashboard from 'lucide-react/icons/layout-dashboard';
import LogIn from 'lucide-react/icons/log-in';
import ScrollText from 'lucide-react/icons/scroll-text';
import SlidersHorizontal from 'lucide-react/icons/sliders-horizontal';
import UserCog from 'lucide-react/icons/user-cog';
import UsersRound from 'lucide-react/icons/users-round';
import Webhook from 'lucide-react/icons/webhook';
import type { Messages } from './messages/messages.ts';

export interface NavigationPage {
  name: keyof Messages['pages'];
  /** Null: above the groups. */
  group: keyof Messages['groups'] | null;
  permission: string;
  icon: LucideIcon;
}

export const navigation: readonly NavigationPage[] = [
  { name: 'overview', group: null, permission: 'audit:read', icon: LayoutDashboard },
  { name: 'users', group: 'people', permission: 'users:read', icon: UsersRound },
  { name: 'roles', group: 'people', permission: 'roles:read', icon: UserCog },
  { name: 'audit', group: 'trust', permission: 'audit:read', icon: ScrollText },
  { name: 'risk', group: 'trust', permission: 'audit:read', icon: Gauge },
  { name: 'service-accounts', group: 'installation', permission: 'service-accounts:write', icon: Bot },
  { name: 'webhooks', group: 'installation', permission: 'webhooks:write', icon: Webhook },
  { name: 'providers', group: 'installation', permission: 'providers:write', icon: LogIn },
  { name: 'settings', group: 'installation', permission: 'settings:read', icon: SlidersHorizontal },
  { name: 'signing-keys', group: 'installation', permission: 'settings:read', icon: KeyRound },
];

/** The pages that these permissions open. */
export function pagesFor(permissions: readonly string[]): NavigationPage[] {
  return navigation.filter(({ permission }) => permissions.includes(permission));
}
