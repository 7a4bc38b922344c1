/** Says what failed, takes the focus, and links to the fields to correct. Put it above the form. */
import { type MouseEvent, type ReactNode, useEffect, useRef } from 'react';
import { ErrorText, type ErrorTexts } from './error-text.tsx';
import { Note } from './note.tsx';

export interface FieldError {
  /** Null: the form has no such field. */
  id: string | null;
  message: string;
}

export interface ErrorSummaryProps {
  error: unknown;
  /** What did not happen, for example "The password was not changed." */
  title?: string | undefined;
  texts?: ErrorTexts | undefined;
  fields?: readonly FieldError[] | undefined;
  /** For example a button "Try again". */
  action?: ReactNode;
}

export function ErrorSummary({ error, title, texts, fields = [], action }: ErrorSummaryProps) {
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => note.current?.focus(), [error]);
  const sentence = <ErrorText error={error} texts={texts} />;
  return (
    <Note kind="danger" role="alert" ref={note} action={action} title={title ?? sentence}>
      {fields.length === 0 && title !== undefined && sentence}
      {fields.length > 0 && (
        <ul>
          {fields.map(({ id, message }) => (
            <li key={message}>{id === null ? message : <FieldLink id={id}>{message}</FieldLink>}</li>
          ))}
        </ul>
      )}
    </Note>
  );
}

function FieldLink({ id, children }: { id: string; children: ReactNode }) {
  // The fragment of the address belongs to the page.
  const focus = (event: MouseEvent) => {
    event.preventDefault();
    document.getElementById(id)?.focus();
  };
  return (
    <a href={`#${id}`} onClick={focus}>
      {children}
    </a>
  );
}
