/** A note: an icon, a bold fact, a sentence, at most one action. */
import type { LucideIcon } from 'lucide-react';
import CircleAlert from 'lucide-react/icons/circle-alert';
import CircleCheck from 'lucide-react/icons/circle-check';
import Info from 'lucide-react/icons/info';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import type { ReactNode, Ref } from 'react';
import { classes } from './classes.ts';
import { Icon } from './icon.tsx';

export type NoteKind = 'neutral' | 'ok' | 'warn' | 'danger';

export interface NoteProps {
  kind?: NoteKind | undefined;
  icon?: LucideIcon | undefined;
  /** The fact. */
  title?: ReactNode;
  children?: ReactNode;
  /** A small button or link. */
  action?: ReactNode;
  /** `alert` is read out at once. */
  role?: 'alert' | 'status' | undefined;
  ref?: Ref<HTMLDivElement> | undefined;
}

const icons = { neutral: Info, ok: CircleCheck, warn: TriangleAlert, danger: CircleAlert };

export function Note({ kind = 'neutral', icon = icons[kind], title, children, action, role, ref }: NoteProps) {
  return (
    <div
      className={classes('note', kind !== 'neutral' && kind)}
      data-part="note"
      role={role}
      ref={ref}
      tabIndex={ref ? -1 : undefined}
    >
      <Icon of={icon} />
      <div>
        {title !== undefined && <strong>{title}</strong>} {children}
      </div>
      {action}
    </div>
  );
}
