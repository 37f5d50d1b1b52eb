import { type Bytes, KiB, type Milliseconds } from '@maque/kit';

/** What can be known of a heap without walking through it. */
export interface HeapFacts {
  /** In use in the spaces of small objects. */
  readonly smallObjects: Bytes;
  /** In use in the space of objects above 128 KiB: long arrays and strings. */
  readonly largeObjects: Bytes;
  /** Processor time of a full collection, which walks through what lives and passes over the inside of strings. */
  readonly collectionCpuMs: Milliseconds;
}

/** What a snapshot takes. */
export interface SnapshotCost {
  /** Objects, strings, arrays and whatever else V8 counts as one. */
  readonly nodes: number;
  /** How long the process stands still. */
  readonly blockedMs: Milliseconds;
  /** Resident memory that comes on top; most of it stays with the process, as free memory of its allocator. */
  readonly memory: Bytes;
  /** The file; a redacted one is of about the same size. */
  readonly file: Bytes;
}

/** How this machine and this app differ from the one that was measured. 1 is like it. */
export interface CostCorrection {
  readonly nodes: number;
  readonly blockedMs: number;
  readonly memory: number;
}

export const NO_CORRECTION: CostCorrection = { nodes: 1, blockedMs: 1, memory: 1 };

// An empty Node 26 has 60,000 nodes, most of them V8's own code and maps.
const LEAST_NODES = 60_000;

// What a collection takes of such a process; beyond that 28 to 60 thousand nodes a millisecond over thirteen kinds of
// heaps.
const LEAST_CPU_MS: Milliseconds = 4;
const NODES_PER_CPU_MS = 36_000;

// The densest heaps, of parsed JSON and of Maps, have 38 and 45.
const LEAST_BYTES_PER_NODE: Bytes = 36;

// Taking it is 26 to 70 times a collection, writing it out half as much again.
const LEAST_BLOCKED_MS: Milliseconds = 120;
const BLOCKED_PER_CPU_MS = 65;

// In V8: 150 bytes a node, and 32 for each of its four edges.
const MEMORY_PER_NODE: Bytes = 278;

// V8 names each reference in an array by its number and keeps each such name in a KiB of its own. So the longest array
// of the heap, or the table of a Map, costs 130 times its size; as many names come from the references of V8's own
// tables.
const MEMORY_PER_INDEX: Bytes = KiB + 16;
const INDICES_PER_NODE = 0.35;
const POINTER: Bytes = 8;

// Two numbers of five and three digits for each edge; 61 to 132 bytes in all.
const FILE_PER_NODE: Bytes = 100;

// Beyond that a heap is text, of which at most 1 KiB a string is written.
const DENSE_BYTES_PER_NODE: Bytes = 64;

/**
 * Predicts the cost of a heap snapshot, rather too much than too little. Measured on twelve kinds of heaps of 25 MiB on
 * two busy cores (bench/snapshots): what came was 0.3 to 1.4 times the predicted nodes, 0.5 to 2.4 times the time, 0.1
 * to 0.9 times the memory and 0.2 to 0.9 times the file; the low ends are heaps of text.
 */
export function predictSnapshotCost(facts: HeapFacts, correction = NO_CORRECTION): SnapshotCost {
  const { smallObjects, largeObjects, collectionCpuMs } = facts;
  const cpuMs = Math.max(0, collectionCpuMs - LEAST_CPU_MS);
  const fromTime = cpuMs * NODES_PER_CPU_MS * correction.nodes;
  const nodes = Math.round(LEAST_NODES + Math.min(fromTime, smallObjects / LEAST_BYTES_PER_NODE));
  const indices = Math.min(nodes, Math.max(largeObjects / POINTER, INDICES_PER_NODE * nodes));
  const text = Math.max(0, smallObjects - nodes * DENSE_BYTES_PER_NODE);
  const file = nodes * FILE_PER_NODE + text;
  // What V8 writes waits in memory until the other process has taken it.
  const memory = (nodes * MEMORY_PER_NODE + indices * MEMORY_PER_INDEX) * correction.memory + file;
  return {
    nodes,
    blockedMs: Math.round((LEAST_BLOCKED_MS + cpuMs * BLOCKED_PER_CPU_MS) * correction.blockedMs),
    memory: Math.round(memory),
    file: Math.round(file),
  };
}

// A correction beyond this is an accident of the measurement, not a property of the machine.
const MOST_CORRECTION = 4;

/** What a snapshot that was taken says of the next: how far the uncorrected prediction was off. */
export function learnCorrection(facts: HeapFacts, actual: SnapshotCost): CostCorrection {
  const plain = predictSnapshotCost(facts);
  const perNode = (cost: SnapshotCost) => Math.max(0, cost.memory - cost.file) / cost.nodes;
  return {
    nodes: bounded((actual.nodes - LEAST_NODES) / (plain.nodes - LEAST_NODES)),
    blockedMs: bounded(actual.blockedMs / plain.blockedMs),
    memory: bounded(perNode(actual) / perNode(plain)),
  };
}

function bounded(ratio: number): number {
  return Number.isFinite(ratio) ? Math.min(MOST_CORRECTION, Math.max(1 / MOST_CORRECTION, ratio)) : 1;
}
