/**
 * A modal dialog on the element of the browser: the rest of the page is inert, Escape and a click outside close it unless text was
 * typed, and the focus returns to the element that had it. Render it to open it.
 */
import { type ReactNode, type SyntheticEvent, useId, useLayoutEffect, useRef } from 'react';
import { Form, type FormProps, FormSummary } from './form.tsx';

export interface DialogProps extends Partial<Omit<FormProps, 'className' | 'hasOwnSummary' | 'children'>> {
  /** The question, or what the dialog is for. */
  title: ReactNode;
  lead?: ReactNode;
  /** Called for Escape and a click outside. Then render the dialog no more. */
  onClose: () => void;
  children?: ReactNode;
  /** Cancel, then the action. */
  footer: ReactNode;
  /** The value of `data-part`. */
  part?: string | undefined;
}

/** With `submit`, the content is a form. */
export function Dialog({ title, lead, onClose, children, footer, part, submit, ...form }: DialogProps) {
  const titleId = useId();
  const element = useRef<HTMLDialogElement>(null);
  const isTyped = useRef(false);
  const isPressedOutside = useRef(false);
  useModal(element);

  // Events of a dialog inside this one arrive here through React.
  const isOwn = (event: SyntheticEvent) => event.target === event.currentTarget;
  const dismiss = () => {
    if (!isTyped.current) onClose();
  };
  const content = (
    <>
      <div>
        <div>
          <h2 id={titleId}>{title}</h2>
          {lead !== undefined && <p>{lead}</p>}
        </div>
        {submit && <FormSummary />}
        {children}
      </div>
      <footer>{footer}</footer>
    </>
  );
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the browser turns Escape into the cancel event
    <dialog
      className="modal"
      ref={element}
      aria-labelledby={titleId}
      data-part={part}
      onCancel={(event) => {
        if (!isOwn(event)) return;
        event.preventDefault();
        dismiss();
      }}
      // Browsers close a dialog at a repeated Escape without asking.
      onClose={(event) => {
        if (isOwn(event) && !event.currentTarget.open) onClose();
      }}
      // Selecting text may end outside: only a click that also began there closes.
      onPointerDown={(event) => {
        isPressedOutside.current = isOwn(event);
      }}
      onClick={(event) => {
        if (isOwn(event) && isPressedOutside.current) dismiss();
      }}
      onInput={() => {
        isTyped.current = true;
      }}
    >
      <div className="dialog">
        {submit ? (
          <Form submit={submit} {...form} className="" hasOwnSummary>
            {content}
          </Form>
        ) : (
          content
        )}
      </div>
    </dialog>
  );
}

function useModal(element: { current: HTMLDialogElement | null }): void {
  // Closes before the element is removed: only then does the browser return the focus.
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, [element]);
}
