/** What a stream sends: which events it wants, and how it presents them in the present state. It keeps ids only. */
import type { Caller } from '../caller.ts';
import type { Unit } from '../transaction.ts';
import type { StreamedEvent } from './tail.ts';

export interface EventSource {
  /** null: the events of all users. */
  userId: string | null;
  /** Whether the event belongs to the stream. Called for each event that concerns the user. */
  wants(event: StreamedEvent): boolean;
  /** @param caller in the present state, which still meets the requirements of the stream */
  present(unit: Unit, events: readonly StreamedEvent[], caller: Caller): Promise<object[]>;
  /** What announces the end of the access token. */
  expiring?(expiresAt: Date): object;
  /** The last message of a stream whose session has ended. */
  ending?(unit: Unit): Promise<object>;
}
