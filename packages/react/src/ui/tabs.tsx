/**
 * Tabs that are links: the one of the current page has `aria-current="page"`. Pass links of your router, or `<a>`.
 * @example <Tabs label="Grace Hopper"><Link to="/sessions">Sessions <TabCount>{2}</TabCount></Link></Tabs>
 */
import { type ReactNode, useEffect, useRef } from 'react';

export interface TabsProps {
  /** Names the list for screen readers. */
  label: string;
  children: ReactNode;
}

export function Tabs({ label, children }: TabsProps) {
  const list = useRef<HTMLElement>(null);
  // On a phone, the list scrolls sideways.
  useEffect(() => {
    list.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, []);
  return (
    <nav className="tabs" aria-label={label} ref={list}>
      {children}
    </nav>
  );
}

export function TabCount({ children }: { children: ReactNode }) {
  return <span className="n">{children}</span>;
}
