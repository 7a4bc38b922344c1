/** Short confirmations at the edge of the page. They are read out, never steal the focus, and are never the only sign of success. */
import X from 'lucide-react/icons/x';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react';
import { useLanguage } from '../messages/messages-context.ts';
import { Icon } from './icon.tsx';

interface ShownToast {
  id: number;
  text: ReactNode;
}

const shownMs = 6000;
const most = 2;

const ToastContext = createContext<(text: ReactNode) => void>(() => undefined);

/** @returns a function that shows a sentence, for example `toast('Grace Hopper is suspended.')` */
export function useToast(): (text: ReactNode) => void {
  return useContext(ToastContext);
}

let lastId = 0;

/** Put it around the app. */
export function Toasts({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly ShownToast[]>([]);
  const show = useCallback((text: ReactNode) => {
    lastId += 1;
    const toast = { id: lastId, text };
    setToasts((shown) => [...shown, toast].slice(-most));
  }, []);
  const remove = useCallback((id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)), []);
  return (
    <ToastContext value={show}>
      {children}
      <div className="toasts" role="status">
        {toasts.map(({ id, text }) => (
          <Toast key={id} id={id} remove={remove}>
            {text}
          </Toast>
        ))}
      </div>
    </ToastContext>
  );
}

function Toast({ id, remove, children }: { id: number; remove: (id: number) => void; children: ReactNode }) {
  const { messages } = useLanguage();
  const [isPaused, setPaused] = useState(false);
  useEffect(() => {
    if (isPaused) return undefined;
    const timer = setTimeout(() => remove(id), shownMs);
    return () => clearTimeout(timer);
  }, [id, isPaused, remove]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the events only stop the clock
    <div
      className="toast"
      data-part="toast"
      onPointerEnter={() => setPaused(true)}
      onPointerLeave={() => setPaused(false)}
      onFocus={() => setPaused(true)}
      onBlur={() => setPaused(false)}
    >
      <span>{children}</span>
      <button type="button" className="copy" aria-label={messages.ui.close} onClick={() => remove(id)}>
        <Icon of={X} />
      </button>
    </div>
  );
}
