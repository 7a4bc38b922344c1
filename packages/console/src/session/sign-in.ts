/** Leaves for the sign-in page of the account pages, which returns to the present address. */

import { publicPath } from './addresses.ts';

export function goToSignIn(): void {
  const { pathname, search, hash } = window.location;
  const query = new URLSearchParams({ returnTo: pathname + search + hash });
  window.location.assign(`${publicPath}/account/sign-in?${query}`);
}
