/** A framed part of a page with a heading, and the rows of a list in it. */
import type { LucideIcon } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { classes } from './classes.ts';
import { Icon } from './icon.tsx';

export interface PanelProps {
  title: ReactNode;
  lead?: ReactNode;
  /** The heading is read out, but not drawn: a single row says it already. */
  isTitleHidden?: boolean | undefined;
  /** Right of the heading. */
  action?: ReactNode;
  className?: string | undefined;
  /** The value of `data-part`. */
  part?: string | undefined;
  children?: ReactNode;
}

export function Panel({ title, lead, isTitleHidden = false, action, className, part, children }: PanelProps) {
  const id = useId();
  return (
    <section className={classes('panel', className)} aria-labelledby={id} data-part={part}>
      {isTitleHidden ? (
        <h2 className="vh" id={id}>
          {title}
        </h2>
      ) : (
        <header>
          <div>
            <h2 id={id}>{title}</h2>
            {lead !== undefined && <p>{lead}</p>}
          </div>
          {action}
        </header>
      )}
      {children}
    </section>
  );
}

export interface RowProps {
  icon: LucideIcon;
  /** An exception, such as few backup codes. */
  kind?: 'neutral' | 'warn' | 'ok' | undefined;
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}

/** Put it into `<ul className="rows">`. */
export function Row({ icon, kind = 'neutral', title, children, actions }: RowProps) {
  return (
    <li>
      <span className={classes('glyph', kind !== 'neutral' && kind)}>
        <Icon of={icon} size={18} />
      </span>
      <div>
        <p className="row-title">{title}</p>
        {children !== undefined && <div className="row-sub">{children}</div>}
      </div>
      {actions !== undefined && <div className="actions">{actions}</div>}
    </li>
  );
}

/** Facts side by side, separated by dots. */
export function Dots({ children }: { children: ReactNode }) {
  return <span className="dots">{children}</span>;
}
