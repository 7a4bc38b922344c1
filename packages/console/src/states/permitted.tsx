/** Shows a page only with its permission. The gateway decides in any case: this saves the failing request. */
import type { ReactNode } from 'react';
import { useMessages } from '../messages/messages.ts';
import { type NavigationPage, permissionOf } from '../navigation.ts';
import { usePermissions } from '../session/viewer.ts';
import { PageHead } from '../shell/page-head.tsx';
import { Forbidden } from './failure.tsx';

export function Permitted({ page, children }: { page: NavigationPage['name']; children: ReactNode }) {
  const { pages } = useMessages();
  const may = usePermissions();
  const needed = permissionOf(page);
  if (may.has(needed)) return children;
  return (
    <>
      <PageHead title={pages[page]} />
      <Forbidden permission={needed} page={pages[page]} />
    </>
  );
}
