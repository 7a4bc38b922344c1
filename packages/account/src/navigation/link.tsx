/** A link to another account page. */
import type { ComponentProps } from 'react';
import type { Path } from '../paths.ts';
import { follow, hrefOf } from './location.ts';

export function Link({ to, ...rest }: Omit<ComponentProps<'a'>, 'href' | 'onClick'> & { to: Path }) {
  return <a {...rest} href={hrefOf(to)} onClick={follow(to)} />;
}
