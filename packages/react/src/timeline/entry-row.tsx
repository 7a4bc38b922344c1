/** One entry of the list: time, node on the rail, sentence, notes and seal. The whole entry is one link. */
import type { MouseEvent, ReactNode } from 'react';
import { classes } from '../ui/classes.ts';
import { Icon } from '../ui/icon.tsx';
import type { TimelineEntry } from './entry.ts';
import { iconOf, toneOf } from './icons.ts';
import { useTimelineLanguage } from './language.ts';
import { notesOf } from './notes.ts';
import type { TimelineRow } from './rows.ts';
import { Say } from './say.tsx';
import { SealBadge } from './seal-badge.tsx';
import { clockTime, exactTime } from './times.ts';

export interface EntryLinks {
  /** The address of an entry. Without it, entries are no links. */
  hrefOf?: ((entry: TimelineEntry) => string) | undefined;
  /** A plain click; the link is not followed. */
  onOpen?: ((entry: TimelineEntry) => void) | undefined;
  selectedId?: string | null | undefined;
  /** Beside the notes, for example a button. */
  actionOf?: ((entry: TimelineEntry) => ReactNode) | undefined;
}

export interface EntryRowProps extends EntryLinks {
  row: Extract<TimelineRow, { kind: 'entry' }>;
}

export function EntryRow({ row, hrefOf, onOpen, selectedId, actionOf }: EntryRowProps) {
  const { entry, rail, isFirst, isLast, isBroken } = row;
  const action = actionOf?.(entry);
  const open = (event: MouseEvent) => {
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!onOpen || !isPlain) return;
    event.preventDefault();
    onOpen(entry);
  };
  return (
    <li
      className={classes(
        rail === 'waiting' && 'waiting',
        rail === 'none' && 'plain',
        isFirst && 'head',
        isLast && 'tail',
      )}
    >
      {hrefOf ? (
        <a
          className="entry"
          href={hrefOf(entry)}
          data-entry={entry.id}
          aria-current={entry.id === selectedId || undefined}
          onClick={open}
        >
          <EntryContent entry={entry} isBroken={isBroken} />
        </a>
      ) : (
        <div className="entry">
          <EntryContent entry={entry} isBroken={isBroken} />
          {action && <div className="entry-action">{action}</div>}
        </div>
      )}
    </li>
  );
}

function EntryContent({ entry, isBroken }: { entry: TimelineEntry; isBroken: boolean }) {
  const language = useTimelineLanguage();
  const notes = notesOf(entry, language.messages);
  return (
    <>
      <time dateTime={entry.occurredAt} title={exactTime(entry.occurredAt, language)}>
        {clockTime(entry.occurredAt, language)}
      </time>
      <span className={classes('node', toneOf(entry))}>
        <Icon of={iconOf(entry)} size={14} />
      </span>
      <span className="body">
        <span className="say">
          <Say entry={entry} />
        </span>
        {notes.length > 0 && (
          <span className="meta">
            <span className="dots">
              {notes.map(({ kind, text }) => (
                <span key={`${kind} ${text}`}>{kind === 'reason' ? <q dir="auto">{text}</q> : <bdi>{text}</bdi>}</span>
              ))}
            </span>
          </span>
        )}
      </span>
      {entry.hash !== undefined && <SealBadge hash={entry.hash} isBroken={isBroken} />}
    </>
  );
}
