/**
 * A modal on the element of the browser, without the frame of a dialog: for the finder and the sheet. The rest of the page is inert;
 * Escape and a click outside close it; the focus returns to the element that had it. Render it to open it.
 */
import { type ReactNode, type SyntheticEvent, useLayoutEffect, useRef } from 'react';

export interface ModalProps {
  className: string;
  label: string;
  onClose: () => void;
  children: ReactNode;
}

export function Modal({ className, label, onClose, children }: ModalProps) {
  const element = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    // Closes before the element is removed: only then does the browser return the focus.
    return () => dialog?.close();
  }, []);
  const dismiss = (event: SyntheticEvent) => {
    if (event.target !== event.currentTarget) return;
    event.preventDefault();
    onClose();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the browser turns Escape into the cancel event
    <dialog className={className} ref={element} aria-label={label} onCancel={dismiss} onClick={dismiss}>
      {children}
    </dialog>
  );
}
