/** Shows enough of an address for its owner to recognise it. */

/** @param email normalised. @returns for example `a•••@example.org` */
export function maskedAddress(email: string): string {
  const at = email.lastIndexOf('@');
  const [first = ''] = email;
  return `${first}•••${email.slice(at)}`;
}
