/** Actions that wait until the user has proven again that the session is theirs. All of them share one dialog. */
import { isPosternError } from '@postern/client';

export class StepUpQueue {
  readonly #listeners = new Set<() => void>();
  #waiting: { promise: Promise<boolean>; settle: (isProven: boolean) => void } | null = null;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly isOpen = (): boolean => this.#waiting !== null;

  /**
   * Runs the action. After `REAUTHENTICATION_REQUIRED` it asks for a proof and runs it once more.
   * @throws the error of the action: also `REAUTHENTICATION_REQUIRED`, when the user cancels
   */
  readonly run = async <Result>(action: () => Promise<Result>): Promise<Result> => {
    try {
      return await action();
    } catch (error) {
      if (!isPosternError(error, 'REAUTHENTICATION_REQUIRED') || !(await this.#prove())) throw error;
    }
    return action();
  };

  /** Ends the wait of all actions. */
  readonly settle = (isProven: boolean): void => {
    const waiting = this.#waiting;
    this.#waiting = null;
    this.#report();
    waiting?.settle(isProven);
  };

  #prove(): Promise<boolean> {
    if (this.#waiting) return this.#waiting.promise;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#waiting = { promise, settle: resolve };
    this.#report();
    return promise;
  }

  #report(): void {
    for (const listener of this.#listeners) listener();
  }
}
