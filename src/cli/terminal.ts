/** What a command may use of the process: its streams and its signals. Also the exit codes. */

/** 1: a check or an operation failed. 2: wrong usage or configuration. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

export interface Terminal {
  out(text: string): void;
  /** Writes the text unchanged and resolves when the stream accepts more: for long output. */
  write(text: string): Promise<void>;
  error(text: string): void;
  input: NodeJS.ReadableStream;
  /** Resolves at the first SIGTERM or SIGINT. From then on the caller ends the process itself. */
  shutdownRequested(): Promise<void>;
  /** Registers work that must be done even when the process ends at once. */
  beforeExit(work: () => Promise<void>): void;
}

/** An argument is wrong: exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** A command calls it with its exit code; without a call the code is 0. */
export type Answer = (code: number) => void;
