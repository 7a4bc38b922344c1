/** The title of a page: the heading, the title of the window, and the focus after a navigation. */
import { type ReactNode, useEffect, useRef } from 'react';

export interface PageHeadProps {
  title: string;
  /** In place of the plain heading. It has to contain `heading`. */
  children?: (heading: ReactNode) => ReactNode;
  actions?: ReactNode;
}

/** The first page was not navigated to: its focus stays where the browser puts it. */
let isFirst = true;

export function PageHead({ title, children, actions }: PageHeadProps) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Postern`;
  }, [title]);
  useEffect(() => {
    if (!isFirst) ref.current?.focus({ preventScroll: true });
    isFirst = false;
  }, []);
  const heading = (
    <h1 ref={ref} tabIndex={-1}>
      <bdi>{title}</bdi>
    </h1>
  );
  return (
    <div className="page-head">
      <div>{children ? children(heading) : heading}</div>
      {actions && <div className="actions">{actions}</div>}
    </div>
  );
}
