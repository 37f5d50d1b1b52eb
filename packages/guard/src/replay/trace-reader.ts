import { type Bytes, SECOND } from '@maque/kit';
import type { DetectorSample } from '../detect/detector-sample.ts';

/** What one line of a recording says. */
export type TraceEntry =
  | { readonly kind: 'header'; readonly header: TraceHeader }
  | { readonly kind: 'sample'; readonly sample: DetectorSample }
  | { readonly kind: 'end' };

/** The limits of the process that was recorded, where its samples do not carry them. */
export interface TraceHeader {
  readonly heapLimit: Bytes | null;
  readonly boxLimit: Bytes | null;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a line of either format; null when it is neither. A trace has a header line, then samples with `t` in seconds,
 * `rss` and `heapAfterMajor`. The guard's own is what `onSample` tells, or a point of `history()`, a line each.
 */
export function readTraceLine(line: string, header: TraceHeader | null): TraceEntry | null {
  const fields = parse(line);
  if (fields === null) return null;
  if (fields.header !== undefined) return { kind: 'header', header: readHeader(fields) };
  if (fields.end !== undefined) return { kind: 'end' };
  const sample = fields.t === undefined ? ownSample(fields) : tracedSample(fields, header);
  return sample === null ? null : { kind: 'sample', sample };
}

function readHeader(fields: Fields): TraceHeader {
  // `heapLimit` of a trace is V8's heap_size_limit, which counts the young generation too: the old space ends sooner.
  return {
    heapLimit: number(fields.maxOldSpace) ?? number(fields.heapLimit),
    boxLimit: number(fields.containerLimit),
  };
}

function tracedSample(fields: Fields, header: TraceHeader | null): DetectorSample | null {
  const seconds = number(fields.t);
  const heapUsed = number(fields.heapUsed);
  const heapLimit = header?.heapLimit ?? null;
  if (seconds === null || heapUsed === null || heapLimit === null) return null;
  const floorSeconds = number(fields.lastMajorT);
  return {
    atMs: seconds * SECOND,
    heapUsed,
    heapTotal: number(fields.heapTotal) ?? heapUsed,
    heapFloor: number(fields.heapAfterMajor),
    heapFloorAtMs: floorSeconds === null ? null : floorSeconds * SECOND,
    heapLimit,
    minors: number(fields.minors),
    external: number(fields.external) ?? 0,
    resident: number(fields.rss),
    boxLimit: header?.boxLimit ?? null,
    boxUsed: null,
    requests: numbers(fields.req),
  };
}

function ownSample(line: Fields): DetectorSample | null {
  const fields = fieldsOf(line.memory) ?? line;
  const served = number(fieldsOf(line.requests)?.total) ?? number(line.requestsTotal);
  const atMs = number(fields.uptimeMs);
  const heapUsed = number(fields.heapUsed);
  const heapLimit = number(fields.heapLimit);
  if (atMs === null || heapUsed === null || heapLimit === null) return null;
  return {
    atMs,
    heapUsed,
    heapTotal: number(fields.heapTotal) ?? heapUsed,
    heapFloor: number(fields.heapFloor),
    heapFloorAtMs: number(fields.heapFloorAtMs),
    heapLimit,
    minors: number(fields.gcMinors),
    external: number(fields.external) ?? 0,
    resident: number(fields.anonymous) ?? number(fields.rss),
    boxLimit: number(fields.boxLimit),
    boxUsed: number(fields.boxUsed),
    requests: served === null ? [] : [served],
  };
}

function parse(line: string): Fields | null {
  try {
    return fieldsOf(JSON.parse(line));
  } catch {
    return null;
  }
}

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** All of them, or none: a count that is missing would shift the routes after it. */
function numbers(value: unknown): readonly number[] {
  return Array.isArray(value) && value.every((item) => number(item) !== null) ? value : [];
}
