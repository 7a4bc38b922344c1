/** `fetch` as a page of an origin has it: with the cookies of one browser and the Origin header. */

export interface CookieJar {
  cookies: Map<string, string>;
  fetch: typeof fetch;
}

export function createCookieJar(origin: string): CookieJar {
  const cookies = new Map<string, string>();
  return {
    cookies,
    async fetch(input, init) {
      const headers = new Headers(init?.headers);
      headers.set('origin', origin);
      if (init?.credentials === 'include' && cookies.size > 0)
        headers.set('cookie', [...cookies].map((pair) => pair.join('=')).join('; '));
      const response = await fetch(input, { ...init, headers });
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (value === '') cookies.delete(name);
        else cookies.set(name, value);
      }
      return response;
    },
  };
}
