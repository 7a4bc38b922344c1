/** The pages of the console in the order of the navigation, and the permission that each one needs. */
import type { LucideIcon } from 'lucide-react';
import Bot from 'lucide-react/icons/bot';
import Gauge from 'lucide-react/icons/gauge';
import KeyRound from 'lucide-react/icons/key-round';
import LayoutDashboard from 'lucide-react/icons/layout-dashboard';
import Plug from 'lucide-react/icons/plug';
import ScrollText from 'lucide-react/icons/scroll-text';
import SlidersHorizontal from 'lucide-react/icons/sliders-horizontal';
import UserCog from 'lucide-react/icons/user-cog';
import UsersRound from 'lucide-react/icons/users-round';
import Waypoints from 'lucide-react/icons/waypoints';
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
  { name: 'service-accounts', group: 'people', permission: 'service-accounts:write', icon: Bot },
  { name: 'audit', group: 'trust', permission: 'audit:read', icon: ScrollText },
  { name: 'risk', group: 'trust', permission: 'audit:read', icon: Gauge },
  { name: 'access', group: 'trust', permission: 'audit:read', icon: Waypoints },
  { name: 'providers', group: 'connections', permission: 'providers:write', icon: Plug },
  { name: 'webhooks', group: 'connections', permission: 'webhooks:write', icon: Webhook },
  { name: 'settings', group: 'installation', permission: 'settings:read', icon: SlidersHorizontal },
  { name: 'signing-keys', group: 'installation', permission: 'settings:read', icon: KeyRound },
];

/** The permission that a page needs. */
export function permissionOf(page: NavigationPage['name']): string {
  const found = navigation.find(({ name }) => name === page);
  if (!found) throw new Error(`navigation.ts has no line for ${page}.`);
  return found.permission;
}

/** The pages that these permissions open. */
export function pagesFor(permissions: readonly string[]): NavigationPage[] {
  return navigation.filter(({ permission }) => permissions.includes(permission));
}
