/** HTTP responses for tests that check status, headers and the exact text. */
export interface AnswerError {
  message: string;
  path?: unknown;
  extensions: { code: string; requestId: string; fields?: FieldProblem[] } & Record<string, unknown>;
}

export interface FieldProblem {
  path: string;
  code: string;
  message: string;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** The body, byte for byte. */
  text: string;
  data: unknown;
  errors: AnswerError[];
}

export async function answerOf(request: Promise<Response>): Promise<Answer> {
  const response = await request;
  const text = await response.text();
  const isJson = text !== '' && /json/.test(response.headers.get('content-type') ?? '');
  const body: unknown = isJson ? JSON.parse(text) : {};
  const { data, errors } = isRecord(body) ? body : {};
  return {
    status: response.status,
    headers: response.headers,
    text,
    data,
    errors: Array.isArray(errors) ? errors : [],
  };
}

/** The only error of a response. */
export function errorOf({ errors, text }: Answer): AnswerError {
  const [first, ...others] = errors;
  if (!first || others.length > 0) throw new Error(`expected one error: ${text}`);
  return first;
}

/** The text of a response without the request id, for responses that must be equal. */
export function comparable({ text }: Answer): string {
  return text.replace(/"requestId":"[^"]*"/g, '"requestId":"…"');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
