/**
 * A form around one action. It is pending while the action runs, keeps what was typed when it fails, and shows each problem at its
 * field and in a summary. Fields keep their values in the page only, so that a password never enters React state.
 */
import { fieldMessages, type PosternErrorCode, posternErrorIn } from '@postern/client';
import { type FormEvent, type ReactNode, useContext, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useLanguage } from '../messages/messages-context.ts';
import { ErrorSummary } from './error-summary.tsx';
import { type ErrorTexts, useErrorText } from './error-text.tsx';
import { FormContext } from './form-context.ts';

/** What the fields contain when the form is submitted. */
export interface FormValues {
  text(name: string): string;
  isChecked(name: string): boolean;
}

export interface FormProps {
  submit: (values: FormValues) => unknown;
  /** The value of `data-part`. */
  part?: string | undefined;
  className?: string | undefined;
  /** The form shows its summary itself, with `FormSummary`. */
  hasOwnSummary?: boolean | undefined;
  /** What did not happen when fields are wrong, for example "The password was not changed." */
  failure?: string | undefined;
  /** The field that an error is about, by the code of the error. */
  fieldOf?: Partial<Record<PosternErrorCode, string>> | undefined;
  errorTexts?: ErrorTexts | undefined;
  /** An error of an action that does not reject, or of an earlier step. */
  error?: unknown;
  children: ReactNode;
}

interface Problems {
  /** Null: the fields say all. */
  error: unknown;
  fields: Record<string, string>;
}

const none: Problems = { error: null, fields: {} };

export function Form({
  submit,
  part,
  className = 'stack-20',
  hasOwnSummary = false,
  failure,
  fieldOf = {},
  errorTexts,
  error: outerError = null,
  children,
}: FormProps) {
  const id = useId();
  const element = useRef<HTMLFormElement>(null);
  const { messages } = useLanguage();
  const textOf = useErrorText();
  const [pending, setPending] = useState(false);
  const [ownProblems, setProblems] = useState(none);
  const idOf = (name: string) => `${id}-${name}`;

  const problemsOf = (error: unknown): Problems => {
    const field = fieldOf[posternErrorIn(error)?.code ?? 'INTERNAL_SERVER_ERROR'];
    if (field !== undefined) return { error: null, fields: { [field]: textOf(error, errorTexts) } };
    const found = Object.entries(fieldMessages(error, messages.errors)).map(([name, texts]) => [name, texts.join(' ')]);
    return { error, fields: Object.fromEntries(found) };
  };
  const outerProblems = useMemo(() => (outerError === null ? none : problemsOf(outerError)), [outerError]);
  const problems = ownProblems === none ? outerProblems : ownProblems;
  const run = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // A form inside a dialog of another form is its child in React, but not in the page.
    event.stopPropagation();
    if (pending) return;
    const form = event.currentTarget;
    const missing = missingFields(form).map((name) => [name, messages.ui.required]);
    if (missing.length > 0) return setProblems({ error: null, fields: Object.fromEntries(missing) });
    setPending(true);
    setProblems(none);
    try {
      await submit(valuesOf(form));
    } catch (error) {
      setProblems(problemsOf(error));
    } finally {
      setPending(false);
    }
  };

  useEffect(() => {
    if (problems.error !== null) return;
    const first = Object.keys(problems.fields)[0];
    const input = first === undefined ? null : element.current?.elements.namedItem(first);
    if (input instanceof HTMLInputElement) input.select();
    if (input instanceof HTMLElement) input.focus();
  }, [problems]);

  const has = (name: string) => element.current?.elements.namedItem(name) != null;
  const listed = Object.entries(problems.fields).map(([name, message]) => ({
    id: has(name) ? idOf(name) : null,
    message,
  }));
  const { error } = problems;
  const summary =
    error === null ? null : <ErrorSummary error={error} title={failure} texts={errorTexts} fields={listed} />;
  return (
    <FormContext value={{ idOf, errorOf: (name) => problems.fields[name] ?? null, pending, summary }}>
      <form className={className} data-part={part} noValidate onSubmit={run} ref={element}>
        {!hasOwnSummary && summary}
        {children}
      </form>
    </FormContext>
  );
}

export function FormSummary() {
  return useContext(FormContext)?.summary;
}

function valuesOf(form: HTMLFormElement): FormValues {
  const values = new FormData(form);
  return {
    text: (name) => {
      const value = values.get(name);
      return typeof value === 'string' ? value : '';
    },
    isChecked: (name) => values.has(name),
  };
}

function missingFields(form: HTMLFormElement): string[] {
  return [...form.elements].flatMap((field) => {
    const isField = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement;
    return isField && field.required && field.value.trim() === '' ? [field.name] : [];
  });
}
