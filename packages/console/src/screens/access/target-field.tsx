/** The user that the operation concerns, for example the one to suspend. */
import { useAccessTexts } from '../../messages/access/texts.ts';
import { PersonLabel } from '../../parts/person-label.tsx';
import { PersonOptions } from '../../parts/person-options.tsx';
import { PopoverChip } from '../../parts/popover-chip.tsx';
import { usePermissions } from '../../session/viewer.ts';

export interface TargetFieldProps {
  id: string | null;
  onChange: (id: string | null) => void;
}

/** Absent for viewers that cannot find users. */
export function TargetField({ id, onChange }: TargetFieldProps) {
  const texts = useAccessTexts();
  if (!usePermissions().has('users:read')) return null;
  return (
    <div className="field">
      <div>
        <PopoverChip
          label={texts.target}
          value={id && <PersonLabel id={id} />}
          onRemove={() => onChange(null)}
          removeLabel={texts.removeTarget}
        >
          {(close) => (
            <PersonOptions
              onChoose={(chosen) => {
                onChange(chosen);
                close();
              }}
            />
          )}
        </PopoverChip>
      </div>
      <p className="hint">{texts.targetHint}</p>
    </div>
  );
}
