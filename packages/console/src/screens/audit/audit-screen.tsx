/** The audit trail: integrity, filters, and the timeline with the inspector. */
import { Timeline, TrustStrip, timelineLocaleOf } from '@postern/react/timeline';
import { Button, EmptyState } from '@postern/react/ui';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import ScrollText from 'lucide-react/icons/scroll-text';
import Terminal from 'lucide-react/icons/terminal';
import { useState } from 'react';
import { operation } from '../../data/operation.ts';
import { AuditCountDocument, AuditIntegrityDocument } from '../../generated/operations.ts';
import { useLocale, useMessages } from '../../messages/messages.ts';
import { useViewer } from '../../session/viewer.ts';
import { PageHead } from '../../shell/page-head.tsx';
import { Failure } from '../../states/failure.tsx';
import { Permitted } from '../../states/permitted.tsx';
import { AuditInspector } from './audit-inspector.tsx';
import { AuditToolbar } from './audit-toolbar.tsx';
import { EntrySkeleton } from './entry-skeleton.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { type AuditSearch, filterOf, isFiltered, startOfMinute } from './search.ts';
import { useEntries } from './use-entries.ts';
import { useEntryKeys } from './use-entry-keys.ts';
import { useSelected } from './use-selected.ts';

const route = getRouteApi('/audit');

export function AuditScreen() {
  const { pages, audit } = useMessages();
  const [isExporting, setExporting] = useState(false);
  return (
    <Permitted page="audit">
      <PageHead
        title={pages.audit}
        actions={
          <Button icon={Terminal} onClick={() => setExporting(true)}>
            {audit.export}
          </Button>
        }
      />
      {isExporting && <ExportDialog onClose={() => setExporting(false)} />}
      <AuditTrail />
    </Permitted>
  );
}

function AuditTrail() {
  const language = timelineLocaleOf(useLocale());
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const integrity = useQuery({ ...operation('audit-integrity', AuditIntegrityDocument, {}), refetchInterval: 60_000 });
  const [isLive, setLive] = useState(true);
  // Periods count from here, so that the pages of one list belong together.
  const [now] = useState(() => startOfMinute(Date.now()));
  const change = (part: Partial<AuditSearch>) => void navigate({ search: (kept) => ({ ...kept, ...part }) });
  const where = filterOf(search, now);
  return (
    <>
      {integrity.error && !integrity.data ? null : (
        <TrustStrip
          locale={language}
          integrity={integrity.data?.auditIntegrity ?? null}
          checkedAt={integrity.dataUpdatedAt}
          isChecking={integrity.isFetching}
          onCheck={() => void integrity.refetch()}
          onShow={(entry) => change({ entry })}
        />
      )}
      <AuditToolbar search={search} onChange={change} isLive={isLive} onLive={setLive} />
      <Entries
        key={JSON.stringify(where)}
        search={search}
        where={where}
        isLive={isLive}
        integrity={integrity.data?.auditIntegrity ?? null}
        onChange={change}
      />
    </>
  );
}

interface EntriesProps {
  search: AuditSearch;
  where: ReturnType<typeof filterOf>;
  isLive: boolean;
  integrity: Parameters<typeof Timeline>[0]['integrity'];
  onChange: (part: Partial<AuditSearch>) => void;
}

function Entries({ search, where, isLive, integrity, onChange }: EntriesProps) {
  const { audit, failure } = useMessages();
  const language = timelineLocaleOf(useLocale());
  const viewer = useViewer();
  const { list, shown, pending, showPending } = useEntries(where, isLive);
  const total = useQuery(operation('audit-count', AuditCountDocument, { where }));
  const selected = useSelected(search.entry, shown);
  const close = () => onChange({ entry: undefined });
  useEntryKeys(search.entry !== undefined, close);
  const showAll = () => {
    showPending();
    window.scrollTo({ top: 0 });
  };
  const hrefOf = ({ id }: { id: string }) => `?${new URLSearchParams({ ...strings(search), entry: id })}`;

  if (list.error && !list.data)
    return (
      <div className="table-wrap">
        <Failure query={list} />
      </div>
    );
  if (!list.data) return <EntrySkeleton />;
  if (shown.length === 0 && pending === 0)
    return (
      <div className="table-wrap">
        <EmptyState
          icon={ScrollText}
          title={isFiltered(search) ? audit.noMatch : audit.none}
          action={
            isFiltered(search) && (
              <Button
                onClick={() =>
                  onChange({ action: undefined, outcome: undefined, by: undefined, on: undefined, address: undefined })
                }
              >
                {audit.clearFilters}
              </Button>
            )
          }
        >
          {audit.noneHint}
        </EmptyState>
      </div>
    );
  return (
    <div className={selected ? 'audit' : 'audit alone'}>
      <div className="audit-list">
        {pending > 0 && (
          <div className="fresh" role="status">
            <Button size="small" kind="primary" onClick={showAll}>
              {audit.fresh(pending)}
            </Button>
          </div>
        )}
        <Timeline
          entries={shown}
          label={audit.entries}
          locale={language}
          viewerId={viewer.id}
          integrity={integrity}
          isFiltered={isFiltered(search)}
          selectedId={search.entry ?? null}
          hrefOf={hrefOf}
          onOpen={({ id }) => onChange({ entry: id })}
        >
          <div className="table-foot">
            <span>
              {list.isFetchNextPageError
                ? audit.olderFailed
                : total.data && audit.shown(shown.length, total.data.auditEntries.totalCount)}
            </span>
            {list.hasNextPage && (
              <Button size="small" pending={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {list.isFetchNextPageError ? failure.tryAgain : audit.older}
              </Button>
            )}
          </div>
        </Timeline>
      </div>
      {selected && (
        <AuditInspector
          entry={selected}
          integrity={integrity ?? null}
          closeHref={`?${new URLSearchParams(strings({ ...search, entry: undefined }))}`}
          onClose={close}
          onFilterAddress={(address) => onChange({ address })}
        />
      )}
    </div>
  );
}

function strings(search: AuditSearch): Record<string, string> {
  return Object.fromEntries(
    Object.entries(search).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  );
}
