/** Calls a handler of the app once for each result, however often React runs effects. */
import { useEffect, useRef } from 'react';

export function useDone<Result>(result: Result | null, onDone: ((result: Result) => void) | undefined): void {
  const reported = useRef<Result | null>(null);
  useEffect(() => {
    if (result === null || reported.current === result) return;
    reported.current = result;
    onDone?.(result);
  }, [result, onDone]);
}
