/** The token of a link in a mail: the text after `#token=` in the address of the page. */
import { useEffect, useState } from 'react';

/**
 * Removes the token from the address, so that it does not stay in the history. A second link that is opened in the same page
 * replaces the first.
 * @param own a token from elsewhere: the address is not read
 * @returns null without a token; undefined until the address has been read, as during server rendering
 */
export function useLinkToken(own: string | undefined): string | null | undefined {
  const [token, setToken] = useState<string | null>();
  useEffect(() => {
    if (own !== undefined) return undefined;
    const take = () => {
      const found = new URLSearchParams(location.hash.slice(1)).get('token');
      if (found === null) return setToken((last) => last ?? null);
      setToken(found);
      history.replaceState(history.state, '', location.pathname + location.search);
    };
    take();
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, [own]);
  return own ?? token;
}
