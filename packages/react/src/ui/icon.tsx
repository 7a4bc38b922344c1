/**
 * An icon of lucide-react in a size of the design. It is decoration: a word stands beside it, or its button has a name. Import each
 * icon from its own file, for example `lucide-react/icons/mail`.
 */
import type { LucideIcon } from 'lucide-react';
import { classes } from './classes.ts';

export interface IconProps {
  of: LucideIcon;
  /** Pixels. 14 in small buttons, 18 in the squares of rows. */
  size?: 14 | 16 | 18 | 20 | undefined;
  className?: string | undefined;
}

export function Icon({ of: Shape, size = 16, className }: IconProps) {
  return <Shape className={classes('i', size !== 16 && `i-${size}`, className)} aria-hidden="true" />;
}
