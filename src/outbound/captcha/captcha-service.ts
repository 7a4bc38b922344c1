/** Asks a hosted captcha service whether a token is one of its own: one form post, which the services answer in the same shape. */
import { OutboundRefused, OutboundTooLarge, OutboundUnavailable } from '../errors.ts';
import type { Outbound } from '../outbound.ts';

export type CaptchaVerdict = 'PASSED' | Rejection;
type Rejection = 'INVALID' | 'EXPIRED';

type Answer = Readonly<Record<string, unknown>>;

/** What differs between the services. */
export interface CaptchaKind {
  verifyUrl: string;
  /** The error codes about a token. Every other one is an error of the service or of the configuration. */
  rejections: Readonly<Record<string, Rejection>>;
  isForAction(answer: Answer, action: string): boolean;
}

export interface CaptchaServiceOptions {
  kind: CaptchaKind;
  verifyUrl: string;
  secret: string;
  /** The hosts of the pages that show the captcha. */
  hostnames: ReadonlySet<string>;
  nowMs(): number;
}

/** The service did not verify the token. The message is a fixed text or a code of the service. */
export class CaptchaUnavailable extends Error {
  override name = 'CaptchaUnavailable';
}

const totalMs = 2000;
const reportMs = 60_000;
/** For this long an answer of the service, or its absence, is taken to hold. */
const stateMs = 60_000;

export class CaptchaService {
  readonly #outbound: Outbound;
  readonly #options: CaptchaServiceOptions;
  /** Null: the service answered. */
  #problem: string | null = null;
  #askedMs = Number.NEGATIVE_INFINITY;
  #reportedMs = Number.NEGATIVE_INFINITY;
  #question: Promise<string | null> | undefined;

  constructor(outbound: Outbound, options: CaptchaServiceOptions) {
    this.#outbound = outbound;
    this.#options = options;
  }

  /** @throws CaptchaUnavailable */
  async verify(token: string, action: string): Promise<CaptchaVerdict> {
    const answer = await this.#ask(token);
    if (typeof answer === 'string') return answer;
    const { kind, hostnames } = this.#options;
    const isOurs = typeof answer.hostname === 'string' && hostnames.has(answer.hostname);
    return isOurs && kind.isForAction(answer, action) ? 'PASSED' : 'INVALID';
  }

  /**
   * Why the service verifies no tokens; null: it does. While it is away, its widget gives clients no token that could show so:
   * after a minute without an answer, the service is asked about an empty one.
   */
  async problem(): Promise<string | null> {
    if (this.#options.nowMs() < this.#askedMs + stateMs) return this.#problem;
    this.#question ??= this.#ask('')
      .then(() => null)
      .catch((error: unknown) => {
        if (error instanceof CaptchaUnavailable) return error.message;
        throw error;
      })
      .finally(() => {
        this.#question = undefined;
      });
    return this.#question;
  }

  /** Whether an outage is to be recorded now: at most once a minute. */
  takeReport(): boolean {
    const nowMs = this.#options.nowMs();
    if (nowMs < this.#reportedMs + reportMs) return false;
    this.#reportedMs = nowMs;
    return true;
  }

  async #ask(token: string): Promise<Answer | Rejection> {
    try {
      const answer = await this.#post(token);
      const verified = answer.success === true ? answer : this.#rejectionIn(answer);
      this.#note(null);
      return verified;
    } catch (error) {
      const unavailable = unavailableFor(error);
      this.#note(unavailable.message);
      throw unavailable;
    }
  }

  async #post(response: string): Promise<Answer> {
    const { verifyUrl, secret } = this.#options;
    const answer = await this.#outbound.fetch(verifyUrl, {
      purpose: 'captcha',
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      // Not the address of the client: the services take it, and work without it.
      body: new URLSearchParams({ secret, response }).toString(),
      totalMs,
    });
    // Some rejections have a status of 400.
    const isVerdict = answer.ok || (answer.status >= 400 && answer.status < 500);
    const content: unknown = isVerdict ? await answer.json().catch(() => null) : null;
    if (typeof content !== 'object' || content === null) throw new CaptchaUnavailable(`status ${answer.status}`);
    return { ...content };
  }

  #rejectionIn(answer: Answer): Rejection {
    const given = answer['error-codes'];
    const codes: unknown[] = Array.isArray(given) ? given : [];
    const known = new Map(Object.entries(this.#options.kind.rejections));
    const rejections = codes.map((code) => {
      const rejection = known.get(String(code));
      // Such as an invalid secret: it must not look like a wrong solution of every user.
      if (!rejection) throw new CaptchaUnavailable(codeText(code));
      return rejection;
    });
    return rejections.includes('EXPIRED') ? 'EXPIRED' : 'INVALID';
  }

  #note(problem: string | null): void {
    this.#problem = problem;
    this.#askedMs = this.#options.nowMs();
  }
}

/** Codes of the services are words; any other text is not repeated. */
function codeText(code: unknown): string {
  return typeof code === 'string' && /^[a-z0-9-]{1,60}$/.test(code) ? code : 'an unknown error code';
}

function unavailableFor(error: unknown): CaptchaUnavailable {
  if (error instanceof CaptchaUnavailable) return error;
  if (error instanceof OutboundRefused || error instanceof OutboundUnavailable || error instanceof OutboundTooLarge)
    return new CaptchaUnavailable(error.message);
  throw error;
}
