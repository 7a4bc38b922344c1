/** Recognises addresses of services for temporary mailboxes. The list is loaded when it is first used. */

let listed: Promise<ReadonlySet<string>> | undefined;

/** @param email a normalised address. Its domain or a parent domain is on the list */
export async function isDisposable(email: string): Promise<boolean> {
  listed ??= import('disposable-email-domains-js').then((list) => list.disposableEmailBlocklistSet());
  const domains = await listed;
  const labels = email.slice(email.lastIndexOf('@') + 1).split('.');
  return labels.some((_, index) => domains.has(labels.slice(index).join('.')));
}
