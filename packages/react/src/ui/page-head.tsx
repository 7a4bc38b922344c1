/** The heading of a page, one sentence, and at most one action. */
import type { ReactNode } from 'react';

export interface PageHeadProps {
  title: ReactNode;
  lead?: ReactNode;
  level?: 1 | 2 | 3 | undefined;
  action?: ReactNode;
}

export function PageHead({ title, lead, level = 1, action }: PageHeadProps) {
  const Heading = `h${level}` as const;
  return (
    <div className="page-head">
      <div>
        <Heading tabIndex={-1}>{title}</Heading>
        {lead !== undefined && <p>{lead}</p>}
      </div>
      {action}
    </div>
  );
}
