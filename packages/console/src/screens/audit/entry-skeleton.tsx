/** The list before the first entries arrive: ten rows of its measures. */
import { useMessages } from '../../messages/messages.ts';

const rows = Array.from({ length: 10 }, (_, index) => `row-${index}`);

export function EntrySkeleton() {
  const { shell } = useMessages();
  return (
    <div className="audit alone">
      <section className="timeline" aria-busy="true" aria-label={shell.loading}>
        <div className="day" />
        <ol className="entries" aria-hidden="true">
          {rows.map((row) => (
            <li key={row} className="plain">
              <div className="entry">
                <span />
                <span className="node" />
                <span className="body">
                  <span className="skeleton w-60" />
                </span>
              </div>
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}
