/** A text of a user, which may be long: its first four lines, and a button that shows all of it. */
import { useLayoutEffect, useRef, useState } from 'react';
import { useLanguage } from '../messages/messages-context.ts';

/** Give it the key of its text: it measures once, and again when its width changes. */
export function LongText({ text }: { text: string }) {
  const { messages } = useLanguage();
  const shown = useRef<HTMLElement>(null);
  const [isCut, setCut] = useState(false);
  const [isOpen, setOpen] = useState(false);
  useLayoutEffect(() => {
    const element = shown.current;
    if (!element) return undefined;
    const measure = () => setCut(element.scrollHeight > element.clientHeight);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  return (
    <>
      <bdi className={isOpen ? 'long open' : 'long'} ref={shown}>
        {text}
      </bdi>
      {isCut && !isOpen && (
        <button className="link" type="button" onClick={() => setOpen(true)}>
          {messages.ui.showAll}
        </button>
      )}
    </>
  );
}
