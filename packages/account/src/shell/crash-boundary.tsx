/** Shown instead of a page that fails while it is drawn, also when its files cannot be loaded. */
import { Button, Note } from '@postern/react/ui';
import { Component, type ReactNode } from 'react';
import { useTexts } from '../messages/languages.ts';

export class CrashBoundary extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError() {
    return { crashed: true };
  }

  override render() {
    return this.state.crashed ? <Crashed /> : this.props.children;
  }
}

function Crashed() {
  const texts = useTexts();
  return (
    <Note
      kind="danger"
      role="alert"
      title={texts.crashed}
      action={
        <Button size="small" onClick={() => window.location.reload()}>
          {texts.tryAgain}
        </Button>
      }
    />
  );
}
