/** Whether an entry is sealed: the beginning of its seal, "Waiting" or "Broken". */
import Clock from 'lucide-react/icons/clock';
import Stamp from 'lucide-react/icons/stamp';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Icon } from '../ui/icon.tsx';
import { useTimelineLanguage } from './language.ts';

export function SealBadge({ hash, isBroken }: { hash: string | null; isBroken: boolean }) {
  const { messages } = useTimelineLanguage();
  if (isBroken)
    return (
      <span className="sealed broken">
        <Icon of={TriangleAlert} size={14} />
        {messages.broken}
      </span>
    );
  if (hash === null)
    return (
      <span className="sealed wait">
        <Icon of={Clock} size={14} />
        {messages.waiting}
      </span>
    );
  return (
    <span className="sealed" title={hash}>
      <Icon of={Stamp} size={14} />
      <span className="vh">{messages.sealed}, </span>
      {hash.slice(0, 6)}
    </span>
  );
}
