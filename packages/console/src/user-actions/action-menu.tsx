/** The menu of the actions of a user, on a row of the list and on their page. */
import { Icon } from '@postern/react/ui';
import Ellipsis from 'lucide-react/icons/ellipsis';
import { useMessages } from '../messages/messages.ts';
import { Menu } from '../parts/menu.tsx';
import { type ActionName, endsAccess } from './rules.ts';

export interface ActionMenuProps {
  label: string;
  actions: readonly ActionName[];
  isInvited: boolean;
  onChoose: (name: ActionName) => void;
  isSmall?: boolean;
}

export function ActionMenu({ label, actions, isInvited, onChoose, isSmall = false }: ActionMenuProps) {
  const { actions: texts } = useMessages();
  if (actions.length === 0) return null;
  const entries = actions.map((name) => ({
    key: name,
    label: texts[name].label(isInvited),
    isDanger: endsAccess(name),
    onChoose: () => onChoose(name),
  }));
  return (
    <Menu className={isSmall ? 'btn ghost small icon' : 'btn icon'} label={label} entries={entries} align="end">
      <Icon of={Ellipsis} />
    </Menu>
  );
}
