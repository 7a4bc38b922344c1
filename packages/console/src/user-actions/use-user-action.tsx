/** Opens the dialog of an administrative action. The dialog loads the user, because its effects have numbers. */
import { type ReactNode, useState } from 'react';
import { ActionDialog } from './action-dialog.tsx';
import type { ActionName } from './rules.ts';

export interface UserAction {
  open: (name: ActionName) => void;
  /** To be rendered by the caller. */
  dialog: ReactNode;
}

export function useUserAction(userId: string): UserAction {
  const [name, setName] = useState<ActionName | null>(null);
  return {
    open: setName,
    dialog: name !== null && <ActionDialog name={name} userId={userId} onClose={() => setName(null)} />,
  };
}
