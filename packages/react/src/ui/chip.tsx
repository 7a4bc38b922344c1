/** A short mark beside a name. Its colours are for exceptions. */
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import { Icon } from './icon.tsx';

export interface ChipProps {
  kind?: 'neutral' | 'ok' | 'warn' | 'danger' | 'accent' | 'seal' | 'line' | undefined;
  icon?: LucideIcon | undefined;
  children: ReactNode;
}

export function Chip({ kind = 'neutral', icon, children }: ChipProps) {
  return (
    <span className={classes('chip', kind !== 'neutral' && kind)}>
      {icon && <Icon of={icon} />}
      {children}
    </span>
  );
}
