/** A page or panel without content: an icon, the fact, one sentence, at most one action. */
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

export interface EmptyStateProps {
  icon: LucideIcon;
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  /** Announces it: for failures. */
  isAlert?: boolean;
}

export function EmptyState({ icon: Icon, title, children, action, isAlert = false }: EmptyStateProps) {
  return (
    <div className="empty" role={isAlert ? 'alert' : undefined}>
      <Icon className="i i-24 subtle" aria-hidden="true" />
      <h2>{title}</h2>
      {children}
      {action}
    </div>
  );
}
