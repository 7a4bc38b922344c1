/** The settings of traces, by the standard names of OpenTelemetry. Its SDK does not read them itself. */
import { z } from 'zod';
import { url } from './formats/addresses.ts';
import { flag, list, oneOf } from './formats/basic.ts';

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
export type SamplerName = (typeof samplers)[number];

const endpoint = url(['http:', 'https:']);

/** `key=value,key=value`, with percent-encoded values. */
const pairs = list(
  readPair,
  'use pairs, comma separated, for example key=value; percent-encode commas and spaces in values',
).transform((entries) => Object.fromEntries(entries));

function readPair(text: string): [string, string] | null {
  const [, key, value = ''] = /^([^=;\s]+)=([^;\s]*)$/.exec(text) ?? [];
  return key !== undefined && isDecodable(value) ? [key, decodeURIComponent(value)] : null;
}

function isDecodable(text: string): boolean {
  return /^(?:[^%]|%[0-7][0-9a-f])*$/i.test(text);
}

const ratio = z.string().transform((text, context) => {
  const value = /^(0|1|0?\.\d{1,9}|[01]\.\d{1,9})$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 1) return value;
  context.addIssue('use a share from 0 to 1, for example 0.1');
  return z.NEVER;
});

export const telemetrySettings = {
  OTEL_SDK_DISABLED: flag.prefault('false'),
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint.optional(),
  OTEL_EXPORTER_OTLP_HEADERS: pairs.default({}),
  OTEL_SERVICE_NAME: z.string().max(200).optional(),
  OTEL_RESOURCE_ATTRIBUTES: pairs.default({}),
  OTEL_TRACES_SAMPLER: oneOf(samplers).default('parentbased_traceidratio'),
  OTEL_TRACES_SAMPLER_ARG: ratio.prefault('0.1'),
  TRACE_USER_IDS: oneOf(['off', 'hashed']).default('off'),
};

const schema = z.object(telemetrySettings);

export interface TelemetryConfig {
  disabled: boolean;
  /** Where traces are sent; null: nowhere. */
  endpoint: string | null;
  headers: Readonly<Record<string, string>>;
  serviceName: string | null;
  resourceAttributes: Readonly<Record<string, string>>;
  sampler: SamplerName;
  /** The share of traces that the samplers named `traceidratio` record. */
  ratio: number;
  /** Whether spans name the user, as a keyed hash. */
  namesUsers: boolean;
}

export function telemetryConfig(env: z.infer<typeof schema>): TelemetryConfig {
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/+$/, '');
  return {
    disabled: env.OTEL_SDK_DISABLED,
    endpoint: env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? (base === undefined ? null : `${base}/v1/traces`),
    headers: env.OTEL_EXPORTER_OTLP_HEADERS,
    serviceName: env.OTEL_SERVICE_NAME ?? null,
    resourceAttributes: env.OTEL_RESOURCE_ATTRIBUTES,
    sampler: env.OTEL_TRACES_SAMPLER,
    ratio: env.OTEL_TRACES_SAMPLER_ARG,
    namesUsers: env.TRACE_USER_IDS === 'hashed',
  };
}
