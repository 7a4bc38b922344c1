/** Says that a captcha is being solved, or shows the widget of a captcha service in a dialog. */
import { useCallback, useState } from 'react';
import { english } from '../messages/en/captcha.ts';
import type { FormMessages } from '../messages/messages.ts';
import { useLanguage } from '../messages/messages-context.ts';
import { useTexts } from '../messages/use-texts.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Note } from '../ui/note.tsx';
import type { ShownCaptcha } from './captcha-queue.ts';
import { useWidget } from './use-widget.ts';

export function CaptchaView({ shown }: { shown: ShownCaptcha }) {
  const { messages } = useLanguage();
  const texts = useTexts('captcha', english);
  if (shown.step === 'widget') return <WidgetDialog shown={shown} texts={texts} cancel={messages.ui.cancel} />;
  return (
    <p className="vh" role="status">
      {texts.working}
    </p>
  );
}

interface WidgetDialogProps {
  shown: Extract<ShownCaptcha, { step: 'widget' }>;
  texts: FormMessages['captcha'];
  cancel: string;
}

function WidgetDialog({ shown, texts, cancel }: WidgetDialogProps) {
  const { settle } = shown;
  const [isBroken, setBroken] = useState(false);
  const widget = useWidget(shown, { onToken: settle, onError: useCallback(() => setBroken(true), []) });
  const close = () => settle(null);
  return (
    <Dialog
      part="captcha"
      title={texts.title}
      lead={texts.lead}
      onClose={close}
      footer={<Button onClick={close}>{cancel}</Button>}
    >
      {isBroken && <Note kind="danger">{texts.broken}</Note>}
      <div ref={widget} />
    </Dialog>
  );
}
