/** Loads something when a component appears, and again when the user changes. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useSession } from '../session/use-session.ts';
import { skeletonsSeen } from './skeletons-seen.ts';

export interface Loaded<Value> {
  /** Null: not loaded yet. What was loaded stays while it is loaded again. */
  value: Value | null;
  isLoading: boolean;
  /** Why the last attempt failed. */
  error: unknown;
  reload: () => Promise<void>;
  /** Takes a newer value, for example from the answer of a mutation. */
  set: (value: Value) => void;
}

interface State<Value> {
  owner: string | null;
  value: Value | null;
  isLoading: boolean;
  error: unknown;
}

/** @param load must be stable: wrap it in `useCallback` */
export function useLoaded<Value>(load: () => Promise<Value>): Loaded<Value> {
  const owner = useSession().viewer?.id ?? null;
  const empty: State<Value> = { owner, value: null, isLoading: true, error: null };
  const [state, setState] = useState(empty);
  const version = useRef(0);

  const reload = useCallback(async () => {
    version.current += 1;
    const mine = version.current;
    const settle = async (change: Partial<State<Value>>) => {
      await skeletonsSeen();
      if (mine === version.current) setState((last) => ({ ...last, owner, isLoading: false, error: null, ...change }));
    };
    setState((last) => (last.owner === owner ? { ...last, isLoading: true } : { ...last, owner, value: null }));
    await load().then(
      (value) => settle({ value }),
      (error: unknown) => settle({ error }),
    );
  }, [load, owner]);
  const set = useCallback(
    (value: Value) => {
      version.current += 1;
      setState({ owner, value, isLoading: false, error: null });
    },
    [owner],
  );

  useEffect(() => {
    void reload();
    return () => {
      version.current += 1;
    };
  }, [reload]);
  // What was loaded for another user is never shown.
  const { value, isLoading, error } = state.owner === owner ? state : empty;
  return { value, isLoading, error, reload, set };
}
