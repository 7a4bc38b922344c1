/** Audit entries as a panel of another page. An entry opens in the audit trail. */
import { Timeline, timelineLocaleOf } from '@postern/react/timeline';
import { EmptyState } from '@postern/react/ui';
import { useRouter } from '@tanstack/react-router';
import ScrollText from 'lucide-react/icons/scroll-text';
import type { ReactNode } from 'react';
import type { AuditEntryPartsFragment } from '../generated/operations.ts';
import { useLocale, useMessages } from '../messages/messages.ts';
import { useViewer } from '../session/viewer.ts';

export interface EntryTimelineProps {
  entries: readonly AuditEntryPartsFragment[];
  label: string;
  /** Null: the days have heads. */
  title: ReactNode;
  /** The filter of the audit trail that an entry opens in. */
  search: { on?: string };
  /** Below the list. */
  children?: ReactNode;
}

export function EntryTimeline({ entries, label, title, search, children }: EntryTimelineProps) {
  const { audit } = useMessages();
  const locale = timelineLocaleOf(useLocale());
  const { id: viewerId } = useViewer();
  const router = useRouter();
  const linkTo = (entry: string) => ({ to: '/audit', search: { ...search, period: 'all', entry } }) as const;
  if (entries.length === 0)
    return (
      <section className="panel" aria-label={label}>
        <EmptyState icon={ScrollText} title={audit.none} />
      </section>
    );
  return (
    <Timeline
      entries={entries}
      label={label}
      title={title ?? undefined}
      locale={locale}
      viewerId={viewerId}
      // Other entries of the chain are between them.
      isFiltered
      hrefOf={({ id }) => router.buildLocation(linkTo(id)).href}
      onOpen={({ id }) => void router.navigate(linkTo(id))}
    >
      {children}
    </Timeline>
  );
}
