/** The shape of content that is being loaded. It appears after 200 ms, so that a fast answer does not flash, and stays for 300 ms. */
import { useSkeletonTime } from '../loading/skeletons-seen.ts';
import { useLanguage } from '../messages/messages-context.ts';

const widths = ['w-40', 'w-60', 'w-50'];

export interface SkeletonProps {
  /** How many lines or rows are expected. */
  count?: number | undefined;
  /** `rows` have the height of the rows of a panel, `empty` that of an empty state with a title. */
  shape?: 'lines' | 'rows' | 'empty' | undefined;
}

export function Skeleton({ count = 3, shape = 'lines' }: SkeletonProps) {
  const { messages } = useLanguage();
  useSkeletonTime();
  const parts = Array.from({ length: count }, (_, index) => widths[index % widths.length]);
  return (
    <div className="loading" role="status">
      <span className="vh">{messages.ui.loading}</span>
      {shape === 'empty' && (
        <div className="empty" aria-hidden="true">
          <div className="skeleton mark" />
          <div className="skeleton w-40" />
        </div>
      )}
      {shape === 'lines' && parts.map((width, index) => <div key={index} className={`skeleton ${width}`} />)}
      {shape === 'rows' && (
        <ul className="rows" aria-hidden="true">
          {parts.map((width, index) => (
            <li key={index}>
              <span className="glyph" />
              <div className="loading-lines">
                <div className={`skeleton ${width}`} />
                <div className="skeleton w-40" />
              </div>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
