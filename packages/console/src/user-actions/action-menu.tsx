/** The menu of the actions of a user, on a row of the list and on their page. */

import { Menu } from '@base-ui/react/menu';
import { Icon } from '@postern/react/ui';
import Ellipsis from 'lucide-react/icons/ellipsis';
import { useMessages } from '../messages/messages.ts';
import type { ActionName } from './rules.ts';

export interface ActionMenuProps {
  label: string;
  actions: readonly ActionName[];
  isInvited: boolean;
  onChoose: (name: ActionName) => void;
  isSmall?: boolean;
}

const ending: ReadonlySet<ActionName> = new Set(['suspend', 'endSessions', 'resetFactors', 'delete']);

export function ActionMenu({ label, actions, isInvited, onChoose, isSmall = false }: ActionMenuProps) {
  const { actions: texts } = useMessages();
  if (actions.length === 0) return null;
  return (
    <Menu.Root>
      <Menu.Trigger className={isSmall ? 'btn ghost small icon' : 'btn icon'} aria-label={label}>
        <Icon of={Ellipsis} />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="over" align="end" sideOffset={4}>
          <Menu.Popup className="menu">
            {actions.map((name) => (
              <Menu.Item
                key={name}
                className={ending.has(name) ? 'item danger' : 'item'}
                onClick={() => onChoose(name)}
              >
                {texts[name].label(isInvited)}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
