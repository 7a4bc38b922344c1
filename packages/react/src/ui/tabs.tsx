/**
 * Tabs that are links: the one of the current page has `aria-current="page"`. Pass links of your router, or `<a>`.
 * @example <Tabs label="Grace Hopper"><Link to="/sessions">Sessions <TabCount>{2}</TabCount></Link></Tabs>
 */
import type { ReactNode } from 'react';

export interface TabsProps {
  /** Names the list for screen readers. */
  label: string;
  children: ReactNode;
}

export function Tabs({ label, children }: TabsProps) {
  return (
    <nav className="tabs" aria-label={label}>
      {children}
    </nav>
  );
}

export function TabCount({ children }: { children: ReactNode }) {
  return <span className="n">{children}</span>;
}
