/** The proof of an entry: its seal, and the command that verifies the whole trail. */
import Clock from 'lucide-react/icons/clock';
import Stamp from 'lucide-react/icons/stamp';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { classes } from '../ui/classes.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Icon } from '../ui/icon.tsx';
import type { TimelineEntry } from './entry.ts';
import { shortened } from './inspector-facts.tsx';
import { useTimelineLanguage } from './language.ts';
import type { TimelineIntegrity } from './rows.ts';

const command = 'postern audit verify';

export function SealProof({ entry, integrity }: { entry: TimelineEntry; integrity: TimelineIntegrity | null }) {
  const { messages } = useTimelineLanguage();
  const { inspector } = messages;
  const { hash = null, sequence = null } = entry;
  const problem = integrity?.problem?.entryId === entry.id ? integrity.problem : null;
  const checkpoint = integrity?.checkpoint ?? null;
  return (
    <>
      <div className={classes('proof', problem ? 'broken' : hash === null && 'wait')}>
        <span className="disc">
          <Icon of={problem ? TriangleAlert : hash === null ? Clock : Stamp} size={18} />
        </span>
        <div>
          <b>{problem ? messages.broken : hash === null ? messages.waiting : messages.sealed}</b>
          <p>{problem?.message ?? (hash === null ? inspector.waitingHint : inspector.sealedHint)}</p>
        </div>
      </div>
      {hash !== null && (
        <dl className="facts">
          <dt>{inspector.seal}</dt>
          <dd className="with">
            <span className="mono" title={hash}>
              {shortened(hash, 12, 8)}
            </span>
            <CopyButton text={hash} name={inspector.things.seal} />
          </dd>
          {checkpoint !== null && sequence !== null && sequence <= checkpoint.sequence && (
            <>
              <dt>{inspector.coveredBy}</dt>
              <dd className="num">{inspector.checkpoint(checkpoint.number)}</dd>
            </>
          )}
        </dl>
      )}
      <div className="cmd">
        <code>{command}</code>
        <CopyButton text={command} name={inspector.things.command} />
      </div>
    </>
  );
}
