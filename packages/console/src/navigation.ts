/** The pages of the console in the order of the navigation, and the permission that each one needs. */
import type { LucideIcon } from 'lucide-react';
import UsersRound from 'lucide-react/icons/users-round';
import type { Messages } from './messages/messages.ts';

export interface NavigationPage {
  name: keyof Messages['pages'];
  /** Null: above the groups. */
  group: keyof Messages['groups'] | null;
  permission: string;
  icon: LucideIcon;
}

export const navigation: readonly NavigationPage[] = [
  { name: 'users', group: 'people', permission: 'users:read', icon: UsersRound },
];

/** The pages that these permissions open. */
export function pagesFor(permissions: readonly string[]): NavigationPage[] {
  return navigation.filter(({ permission }) => permissions.includes(permission));
}
