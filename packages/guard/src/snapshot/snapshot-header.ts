import type { Bytes } from '@maque/kit';
import { KiB } from '@maque/kit';
import { snapshotFormatErrors as errors } from './snapshot-format-errors.ts';

/** The head of a V8 heap snapshot, checked: what its numbers mean, and how many there are. */
export interface SnapshotHeader {
  /** What the numbers of a node are, in their order: `type`, `name`, `id`, `self_size`, `edge_count`, … */
  readonly nodeFields: readonly string[];
  readonly nodeTypes: readonly string[];
  readonly edgeFields: readonly string[];
  readonly edgeTypes: readonly string[];
  readonly traceFunctionInfoFields: readonly string[];
  readonly sampleFields: readonly string[];
  readonly locationFields: readonly string[];
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly traceFunctionCount: number;
}

// V8 14's is 855 bytes; DevTools' own begins with up to 3 KiB of it.
export const MAX_HEADER: Bytes = 64 * KiB;

// V8's words: lower case, joined by a space, a hyphen or an underscore. Whatever else stands there is not V8's.
const WORD = /^[\w -]{1,64}$/;
const MAX_WORDS = 64;
const MAX_DEPTH = 6;

/**
 * Reads the value of `"snapshot"`. What is not understood in it may stay, if it is made of short words and numbers.
 * @throws CodedError SNAPSHOT_UNSUPPORTED
 */
export function readSnapshotHeader(json: string): SnapshotHeader {
  const snapshot = object(parse(json), 'snapshot');
  checkPlain(snapshot, 0);
  const meta = object(snapshot.meta, 'meta');
  return {
    nodeFields: fields(meta, 'node_fields', ['type', 'name', 'id', 'self_size', 'edge_count']),
    nodeTypes: types(meta, 'node_types', ['string', 'object', 'code', 'closure']),
    edgeFields: fields(meta, 'edge_fields', ['type', 'name_or_index', 'to_node']),
    edgeTypes: types(meta, 'edge_types', ['context', 'element', 'property', 'internal', 'hidden']),
    traceFunctionInfoFields: fields(meta, 'trace_function_info_fields', []),
    sampleFields: fields(meta, 'sample_fields', []),
    locationFields: fields(meta, 'location_fields', []),
    nodeCount: count(snapshot, 'node_count'),
    edgeCount: count(snapshot, 'edge_count'),
    traceFunctionCount: count(snapshot, 'trace_function_count'),
  };
}

type Members = Readonly<Record<string, unknown>>;

function unsupported(problem: string): Error {
  return errors.SNAPSHOT_UNSUPPORTED({ data: { problem } });
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw unsupported('snapshot: JSON');
  }
}

function object(value: unknown, name: string): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  throw unsupported(`${name}: {…}`);
}

function checkPlain(value: unknown, depth: number): void {
  if (typeof value === 'number') return;
  if (typeof value === 'string' && WORD.test(value)) return;
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) throw unsupported('words, numbers');
  const entries = Object.entries(value);
  if (entries.length > MAX_WORDS) throw unsupported(`≤ ${MAX_WORDS}`);
  for (const [name, member] of entries) {
    if (!WORD.test(name)) throw unsupported('words, numbers');
    checkPlain(member, depth + 1);
  }
}

/** A list of field names; V8 leaves none of these lists out, older ones may. */
function fields(meta: Members, name: string, needed: readonly string[]): readonly string[] {
  return words(meta[name] ?? (needed.length === 0 ? [] : undefined), name, needed);
}

/** The first entry of a list of types: what the numbers of the field `type` stand for. */
function types(meta: Members, name: string, needed: readonly string[]): readonly string[] {
  const [first] = Array.isArray(meta[name]) ? meta[name] : [];
  return words(first, name, needed);
}

function words(value: unknown, name: string, needed: readonly string[]): readonly string[] {
  const list: unknown[] = Array.isArray(value) ? value : [];
  const names = list.filter((item) => typeof item === 'string');
  if (!Array.isArray(value) || names.length !== list.length || new Set(names).size !== names.length) {
    throw unsupported(`${name}: […]`);
  }
  const missing = needed.find((item) => !names.includes(item));
  if (missing !== undefined) throw unsupported(`${name}: ${missing}`);
  return names;
}

function count(snapshot: Members, name: string): number {
  const value = snapshot[name];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw unsupported(`${name}: 0…`);
}
