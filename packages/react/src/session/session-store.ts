/**
 * The signed-in user, for React: follows the events of the client, which also reports other tabs, and asks again when
 * permissions change and when a page returns from the back/forward cache.
 */
import { isPosternError, type MyselfFragment, type PosternClient, type SessionEndReason } from '@postern/client';

/** The signed-in user. */
export type Viewer = MyselfFragment;

export type SessionSnapshot =
  /** `error`: the gateway could not be asked. `useSession().reload()` tries again. */
  | { status: 'loading'; viewer: null; reason: null; error: unknown }
  | { status: 'signedIn'; viewer: Viewer; reason: null; error: null }
  /** `reason`: why the last session ended. Null: there was none. */
  | { status: 'signedOut'; viewer: null; reason: SessionEndReason | null; error: null };

export const loadingSession = {
  status: 'loading',
  viewer: null,
  reason: null,
  error: null,
} as const satisfies SessionSnapshot;

export class SessionStore {
  readonly #client: PosternClient;
  readonly #listeners = new Set<() => void>();
  #snapshot: SessionSnapshot = loadingSession;
  /** The session whose viewer is known. */
  #sessionId: string | null = null;
  /** The session whose viewer is being asked for. */
  #askedId: string | null = null;
  /** Rises with each change, so that the answer to an older question is dropped. */
  #version = 0;

  constructor(client: PosternClient) {
    this.#client = client;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): SessionSnapshot => this.#snapshot;

  /** @returns stops following the client */
  connect(): () => void {
    const stopListening = this.#client.session.listen({
      // A sign-in of this page has set its viewer by then, and a reload has continued the session itself.
      onSessionStart: ({ id }) => setTimeout(() => ![this.#sessionId, this.#askedId].includes(id) && this.reload()),
      onSessionEnd: ({ id, reason }) => {
        // A start follows.
        if (reason === 'REPLACED') return;
        if (this.#sessionId === null || this.#sessionId === id) this.#signedOut(reason);
      },
      onPermissionsChange: () => void this.reload(),
    });
    const onPageShow = ({ persisted }: PageTransitionEvent) => {
      if (!persisted) return;
      this.#set(loadingSession);
      void this.reload();
    };
    addEventListener('pageshow', onPageShow);
    if (this.#snapshot.status === 'loading') void this.reload();
    return () => {
      stopListening();
      removeEventListener('pageshow', onPageShow);
    };
  }

  /** Asks the gateway. Until it has answered, the present state stays. */
  readonly reload = async (): Promise<void> => {
    this.#version += 1;
    const version = this.#version;
    const isNewest = () => version === this.#version;
    try {
      const viewer = (await this.#client.resume()) ? await this.#viewer() : null;
      if (!isNewest()) return;
      if (viewer) this.signedIn(viewer);
      else this.#signedOut(null);
    } catch (error) {
      if (!isNewest()) return;
      if (isPosternError(error, 'INVALID_REFRESH_TOKEN', 'CSRF_FAILED')) this.#signedOut('REFUSED');
      else if (isPosternError(error, 'UNAUTHENTICATED')) this.#signedOut('REVOKED');
      else if (this.#snapshot.status === 'loading') this.#set({ ...loadingSession, error });
    }
  };

  async #viewer(): Promise<Viewer | null> {
    const { id } = this.#client.session;
    this.#askedId = id;
    try {
      return await this.#client.viewer();
    } finally {
      if (this.#askedId === id) this.#askedId = null;
    }
  }

  /** Takes the viewer of an answer. */
  readonly signedIn = (viewer: Viewer): void => {
    this.#sessionId = this.#client.session.id;
    this.#set({ status: 'signedIn', viewer, reason: null, error: null });
  };

  #signedOut(reason: SessionEndReason | null): void {
    this.#sessionId = null;
    this.#set({ status: 'signedOut', viewer: null, reason, error: null });
  }

  #set(snapshot: SessionSnapshot): void {
    this.#version += 1;
    this.#snapshot = snapshot;
    for (const listener of this.#listeners) listener();
  }
}
