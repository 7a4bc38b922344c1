/** The page of the present path. A page loads when it is opened; after a change of pages the focus is at its heading. */
import { Skeleton } from '@postern/react/ui';
import { type ReactNode, Suspense, useEffect, useRef } from 'react';
import { gateway } from '../../pages/gateway.ts';
import { useTexts } from './messages/languages.ts';
import { usePath } from './navigation/location.ts';
import { accountPaths, type Path } from './paths.ts';
import { screens } from './screens/screens.ts';
import { SignedInOnly } from './session/signed-in-only.tsx';
import { CrashBoundary } from './shell/crash-boundary.tsx';
import { Gate } from './shell/gate.tsx';

const signedInPaths: ReadonlySet<Path> = new Set(accountPaths);

export function CurrentPage() {
  const path = usePath();
  const texts = useTexts();
  const Screen = screens[path];
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${texts.titles[path]} · ${gateway.productName}`;
  }, [path, texts]);

  const content = (
    <CrashBoundary key={path}>
      <Suspense fallback={<Skeleton />}>
        <Screen />
        <Arrival isFirst={isFirst} />
      </Suspense>
    </CrashBoundary>
  );
  return <Frame path={path}>{content}</Frame>;
}

function Frame({ path, children }: { path: Path; children: ReactNode }) {
  return signedInPaths.has(path) ? <SignedInOnly>{children}</SignedInOnly> : <Gate>{children}</Gate>;
}

/** Rendered with the page: once both are in the document, the heading can take the focus. */
function Arrival({ isFirst }: { isFirst: { current: boolean } }) {
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    // A field that a form has focused keeps the focus.
    if (document.querySelector('main')?.contains(document.activeElement)) return;
    const heading = document.querySelector<HTMLElement>('main h1');
    heading?.setAttribute('tabindex', '-1');
    heading?.focus({ preventScroll: true });
  }, [isFirst]);
  return null;
}
