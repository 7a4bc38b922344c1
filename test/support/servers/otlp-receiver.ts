/** A collector of traces: keeps the raw bytes that it receives over OTLP, and decodes the spans in them. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '../races/until.ts';
import { type Fields, readFields } from './protobuf.ts';

export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  /** Empty for the first span of a trace. */
  parentId: string;
  name: string;
  attributes: Readonly<Record<string, string>>;
  resource: Readonly<Record<string, string>>;
  milliseconds: number;
  failed: boolean;
}

export interface OtlpReceiver {
  url: string;
  bodies: readonly Buffer[];
  headers: readonly IncomingHttpHeaders[];
  spans(): ReceivedSpan[];
  /** Waits for spans that fulfil the condition. */
  spansWith(what: string, condition: (spans: readonly ReceivedSpan[]) => boolean): Promise<ReceivedSpan[]>;
  /** The spans of the trace of that span, once it has arrived. */
  traceOf(name: string): Promise<ReceivedSpan[]>;
  forget(): void;
  stop(): Promise<void>;
}

type Answer = (response: ServerResponse) => void;

/** @param answer how it answers; it accepts everything unless given */
export async function startOtlpReceiver(answer: Answer = (response) => response.end()): Promise<OtlpReceiver> {
  const bodies: Buffer[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    bodies.push(Buffer.concat(chunks));
    headers.push(request.headers);
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const spans = () => bodies.flatMap(readSpans);
  const spansWith: OtlpReceiver['spansWith'] = async (what, condition) => {
    await until(what, () => condition(spans()));
    return spans();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    bodies,
    headers,
    spans,
    spansWith,
    async traceOf(name) {
      const ofRequest = (all: readonly ReceivedSpan[]) => {
        const first = all.find((span) => span.name === name);
        return all.filter(({ traceId }) => traceId === first?.traceId);
      };
      const isWhole = (all: readonly ReceivedSpan[]) => ofRequest(all).some(({ parentId }) => parentId === '');
      return ofRequest(await spansWith(`the trace of ${name}`, isWhole));
    },
    forget() {
      bodies.length = 0;
      headers.length = 0;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Field numbers of opentelemetry/proto/trace/v1/trace.proto. */
function readSpans(body: Buffer): ReceivedSpan[] {
  return readFields(body)
    .messages(1)
    .flatMap((resourceSpans) => {
      const resource = attributesOf(resourceSpans.messages(1)[0]?.messages(1) ?? []);
      const scopes = resourceSpans.messages(2);
      return scopes.flatMap((scope) => scope.messages(2).map((span) => spanOf(span, resource)));
    });
}

function spanOf(span: Fields, resource: Record<string, string>): ReceivedSpan {
  return {
    traceId: span.bytes(1).toString('hex'),
    spanId: span.bytes(2).toString('hex'),
    parentId: span.bytes(4).toString('hex'),
    name: span.bytes(5).toString(),
    attributes: attributesOf(span.messages(9)),
    resource,
    milliseconds: Number(span.number(8) - span.number(7)) / 1e6,
    failed: span.messages(15)[0]?.number(3) === 2n,
  };
}

/** Strings and integers as text. */
function attributesOf(pairs: readonly Fields[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [value] = pair.messages(2);
      const text = value?.has(1) ? value.bytes(1).toString() : String(value?.number(3));
      return [pair.bytes(1).toString(), text];
    }),
  );
}
