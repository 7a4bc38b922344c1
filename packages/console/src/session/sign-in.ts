/** Leaves for the sign-in page of the account pages, which returns to the present address. */

/** @param address path, search and fragment of a page of the console */
export function signInAddress(address: string): string {
  return `/account/sign-in?${new URLSearchParams({ returnTo: address })}`;
}

export function goToSignIn(): void {
  const { pathname, search, hash } = window.location;
  window.location.assign(signInAddress(pathname + search + hash));
}
