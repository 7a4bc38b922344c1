/** The change of an entry: a line for each value that went and each that came. Sign and hidden words carry the meaning without colour. */
import { Fragment } from 'react';
import { LongText } from '../ui/long-text.tsx';
import type { DiffField } from './diff.ts';
import { useTimelineLanguage } from './language.ts';

export function Diff({ changes }: { changes: readonly DiffField[] }) {
  const { messages } = useTimelineLanguage();
  const { inspector, fields } = messages;
  const names: Readonly<Record<string, string>> = fields;
  return (
    <div className="diff">
      {changes.map(({ field, before, after, kept }) => (
        <Fragment key={field}>
          {[
            ...before.map((text) => ({ look: 'was', sign: '−', hidden: inspector.before, text })),
            ...after.map((text) => ({ look: 'is', sign: '+', hidden: inspector.after, text })),
          ].map(({ look, sign, hidden, text }, index) => (
            <div className={look} key={`${look} ${text}`}>
              <span className="f">{index === 0 && (names[field] ?? field)}</span>
              <span aria-hidden="true">{sign}</span>
              <span>
                <span className="vh">{hidden}</span>
                <LongText text={text === '' ? inspector.nothing : text} />
              </span>
            </div>
          ))}
          {kept.length > 0 && (
            <details className="kept">
              <summary>{inspector.unchanged(kept.length)}</summary>
              <ul>
                {kept.map((text) => (
                  <li key={text}>
                    <bdi>{text}</bdi>
                  </li>
                ))}
              </ul>
            </details>
          )}
        </Fragment>
      ))}
    </div>
  );
}
