/** Reads a URL that names several servers, as in `postgresql://user@host1:5432,host2:5432/db`: URL parsers take one. */

export type OneOrMore<Item> = [Item, ...Item[]];

const parts = /^([a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?)([^/?#@]*)(.*)$/is;

/** @returns one URL for each server, equal in everything else; a URL with one server is returned unchanged */
export function urlsOfHosts(url: string): OneOrMore<string> {
  const [, start = '', hosts = '', rest = ''] = parts.exec(url) ?? [];
  const [first, ...others] = hosts.split(',').map((host) => `${start}${host}${rest}`);
  return others.length === 0 || first === undefined ? [url] : [first, ...others];
}
