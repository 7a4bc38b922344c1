/** Passes each event to the streams that it concerns: those of its users, and those that follow every event. */
import type { StoredEventType } from '../../persistence/events/stored-event.ts';
import type { EventTail, StreamedEvent } from './tail.ts';

type Receive = (event: StreamedEvent) => void;

/** Events that concern the sessions of many users, which the event does not name. */
const concernsMany: ReadonlySet<StoredEventType> = new Set(['ROLE_UPDATED']);

export class EventFanOut {
  readonly #tail: Pick<EventTail, 'listen'>;
  readonly #ofUsers = new Map<string, Set<Receive>>();
  readonly #ofAll = new Set<Receive>();
  #receivers = 0;
  #listening: Promise<() => void> | null = null;

  constructor(tail: Pick<EventTail, 'listen'>) {
    this.#tail = tail;
  }

  /**
   * Resolves once every event that commits afterwards will be received.
   * @param userId whose events are received: those that concern the user, and those of which the user is the actor; null: all
   * @returns ends it
   * @throws the error of the database
   */
  async receive(userId: string | null, receive: Receive): Promise<() => void> {
    const remove = this.#add(userId, receive);
    this.#receivers += 1;
    let isEnded = false;
    const end = () => {
      if (isEnded) return;
      isEnded = true;
      remove();
      this.#receivers -= 1;
      if (this.#receivers === 0) this.#stopListening();
    };
    try {
      this.#listening ??= this.#tail.listen((events) => this.#deliver(events));
      await this.#listening;
      return end;
    } catch (error) {
      end();
      throw error;
    }
  }

  #add(userId: string | null, receive: Receive): () => void {
    if (userId === null) {
      this.#ofAll.add(receive);
      return () => this.#ofAll.delete(receive);
    }
    const receivers = this.#ofUsers.get(userId) ?? new Set();
    this.#ofUsers.set(userId, receivers.add(receive));
    return () => {
      receivers.delete(receive);
      if (receivers.size === 0) this.#ofUsers.delete(userId);
    };
  }

  #stopListening(): void {
    void this.#listening?.then(
      (stop) => stop(),
      () => undefined,
    );
    this.#listening = null;
  }

  #deliver(events: readonly StreamedEvent[]): void {
    for (const event of events) for (const receive of this.#receiversOf(event)) receive(event);
  }

  #receiversOf(event: StreamedEvent): Set<Receive> {
    const { userId, actorId, type } = event;
    const ofUsers = concernsMany.has(type)
      ? [...this.#ofUsers.values()]
      : [userId, actorId].map((id) => (id === null ? undefined : this.#ofUsers.get(id)));
    return new Set([...this.#ofAll, ...ofUsers.flatMap((receivers) => [...(receivers ?? [])])]);
  }
}
