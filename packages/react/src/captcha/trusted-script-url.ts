/** Addresses of scripts for pages with `require-trusted-types-for 'script'`: allow the policy `postern-captcha` there. */

interface Policies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

let policy: ReturnType<Policies['createPolicy']> | undefined;

/** @param url of a file of this package, or of a captcha service */
export function trustedScriptUrl(url: string): string {
  const policies: unknown = Reflect.get(globalThis, 'trustedTypes');
  if (!isFactory(policies)) return url;
  policy ??= policies.createPolicy('postern-captcha', { createScriptURL: (text) => text });
  return policy.createScriptURL(url);
}

/** A trusted address behaves as its text. */
function isFactory(value: unknown): value is Policies {
  return typeof value === 'object' && value !== null && 'createPolicy' in value;
}
