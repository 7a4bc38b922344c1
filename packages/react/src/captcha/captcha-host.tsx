/** Shows the captchas that actions wait for. Its code is loaded with the first one. */
import { lazy, Suspense, useSyncExternalStore } from 'react';
import { usePostern } from '../provider/postern-context.ts';

const CaptchaView = lazy(async () => ({ default: (await import('./captcha-view.tsx')).CaptchaView }));

export function CaptchaHost() {
  const { captcha } = usePostern();
  const shown = useSyncExternalStore(captcha.subscribe, captcha.shown, () => null);
  if (shown === null) return null;
  return (
    <Suspense fallback={null}>
      <CaptchaView shown={shown} />
    </Suspense>
  );
}
