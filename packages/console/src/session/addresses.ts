/** Addresses on the origin of the gateway. */
import { publicPathIn } from './public-path.ts';

export const publicPath = publicPathIn(window.location.pathname);

/** An address of the account pages. */
export function accountAddress(path: 'security' | 'profile'): string {
  return `${publicPath}/account/${path}`;
}
