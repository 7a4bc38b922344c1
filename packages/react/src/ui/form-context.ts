/** What a form tells its fields: their ids, their errors, and whether it is being submitted. */
import { createContext, type ReactNode, useContext, useId } from 'react';

export interface FormContextValue {
  idOf: (name: string) => string;
  /** What is wrong with the field. */
  errorOf: (name: string) => string | null;
  pending: boolean;
  /** What failed, for the place where the form shows it. */
  summary: ReactNode;
}

export const FormContext = createContext<FormContextValue | null>(null);

/** @param ownId for a field outside a form, or with an id of its own */
export function useField(name: string | undefined, ownId: string | undefined, ownError: string | null | undefined) {
  const generatedId = useId();
  const form = useContext(FormContext);
  const id = ownId ?? (form && name !== undefined ? form.idOf(name) : generatedId);
  const error = ownError ?? (name === undefined ? null : (form?.errorOf(name) ?? null));
  return { id, error, pending: form?.pending ?? false };
}
