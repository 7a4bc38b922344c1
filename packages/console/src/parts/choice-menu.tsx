/** A button with a menu of choices, of which one holds: filters above a table, and the order of phones. */

import { Menu } from '@base-ui/react/menu';
import { Icon } from '@postern/react/ui';
import Check from 'lucide-react/icons/check';
import type { ReactElement } from 'react';

export interface Choice {
  value: string;
  label: string;
}

export interface ChoiceMenuProps {
  trigger: ReactElement;
  choices: readonly Choice[];
  value: string | undefined;
  onChoose: (value: string) => void;
}

export function ChoiceMenu({ trigger, choices, value, onChoose }: ChoiceMenuProps) {
  return (
    <Menu.Root>
      <Menu.Trigger render={trigger} />
      <Menu.Portal>
        <Menu.Positioner className="over" align="start" sideOffset={4}>
          <Menu.Popup className="menu">
            <Menu.RadioGroup value={value ?? ''} onValueChange={onChoose}>
              {choices.map((choice) => (
                <Menu.RadioItem className="item" key={choice.value} value={choice.value} closeOnClick>
                  <span className="mark">
                    <Menu.RadioItemIndicator>
                      <Icon of={Check} size={14} />
                    </Menu.RadioItemIndicator>
                  </span>
                  {choice.label}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
