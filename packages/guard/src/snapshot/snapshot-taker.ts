import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { getHeapSnapshot } from 'node:v8';
import type { Bytes, Clock, Milliseconds } from '@maque/kit';
import { judgeSnapshot, type SnapshotRefusal } from './judge-snapshot.ts';
import {
  type CostCorrection,
  type HeapFacts,
  learnCorrection,
  NO_CORRECTION,
  predictSnapshotCost,
  type SnapshotCost,
} from './predict-snapshot-cost.ts';
import { readHeapFacts } from './read-heap-facts.ts';
import { runHelper } from './run-helper.ts';
import { type PartialSnapshot, SnapshotFolder } from './snapshot-folder.ts';
import {
  type ResolvedSnapshotOptions,
  resolveSnapshotOptions,
  type SnapshotOptions,
} from './snapshot-options.ts';

/** What came of asking for a snapshot. */
export type SnapshotResult = SnapshotTaken | SnapshotRefused;

export interface SnapshotTaken {
  readonly taken: true;
  readonly file: string;
  readonly redacted: boolean;
  readonly predicted: SnapshotCost;
  /** What it took indeed. */
  readonly actual: SnapshotCost;
}

export interface SnapshotRefused {
  readonly taken: false;
  readonly predicted: SnapshotCost;
  readonly refusals: readonly SnapshotRefusal[];
}

/** What the taker needs to know and does not ask for itself. */
export interface SnapshotSurroundings {
  readonly clock: Clock;
  /** Memory that the box has left; null where nobody tells. */
  availableMemory(): Bytes | null;
}

// What one snapshot left to the allocator serves the next; not all of it, for the app may have taken some.
const REUSABLE_SHARE = 0.8;

/**
 * Takes heap snapshots of this process where they fit, learning from each what the next will cost. One for a process.
 */
export class SnapshotTaker {
  readonly #surroundings: SnapshotSurroundings;
  #correction: CostCorrection = NO_CORRECTION;
  #reusable: Bytes = 0;

  constructor(surroundings: SnapshotSurroundings) {
    this.#surroundings = surroundings;
  }

  /**
   * Predicts what a snapshot costs, and takes it if there is room and time for it. Another process redacts it, so that
   * users' data reaches no disk. Blocks this thread for two collections, and for the snapshot itself.
   * @throws CodedError SNAPSHOT_OPTION_INVALID, SNAPSHOT_BUSY, SNAPSHOT_FOLDER_UNUSABLE, SNAPSHOT_DISK_FULL,
   * SNAPSHOT_FILE_TOO_LARGE, SNAPSHOT_FAILED, SNAPSHOT_HELPER_ENDED. No half file is left.
   */
  async take(options?: SnapshotOptions): Promise<SnapshotResult> {
    const resolved = resolveSnapshotOptions(options);
    const folder = await SnapshotFolder.open(resolved.folder);
    const partial = await folder.begin(this.#surroundings.clock.now());
    try {
      return await this.#takeInto(folder, partial, resolved);
    } finally {
      await partial.discard();
    }
  }

  async #takeInto(
    folder: SnapshotFolder,
    partial: PartialSnapshot,
    options: ResolvedSnapshotOptions,
  ): Promise<SnapshotResult> {
    const disk = await folder.freeBytes();
    const facts = readHeapFacts();
    const predicted = this.#predict(facts);
    const refusals = judgeSnapshot(
      predicted,
      { memory: this.#surroundings.availableMemory(), disk },
      options,
    );
    if (refusals.length > 0) return { taken: false, predicted, refusals };
    const reused = this.#reusable;
    const actual = await this.#write(partial, options);
    const file = await partial.publish();
    await folder.prune(options.maxSnapshots, options.maxTotalBytes);
    this.#correction = learnCorrection(facts, { ...actual, memory: actual.memory + reused });
    return { taken: true, file, redacted: options.redact, predicted, actual };
  }

  #predict(facts: HeapFacts): SnapshotCost {
    const predicted = predictSnapshotCost(facts, this.#correction);
    return { ...predicted, memory: Math.max(predicted.file, predicted.memory - this.#reusable) };
  }

  async #write(partial: PartialSnapshot, options: ResolvedSnapshotOptions): Promise<SnapshotCost> {
    const { redact, maxTotalBytes } = options;
    const helper = runHelper({ task: 'write', redact, maxBytes: maxTotalBytes }, partial.handle.fd);
    try {
      // Its start takes 50 ms; nobody waits for it with a snapshot in memory.
      await helper.ready;
      const before = process.memoryUsage.rss();
      const { stream, blockedMs } = await this.#snapshot();
      const memory = process.memoryUsage.rss() - before;
      // What breaks the pipe is told by the answer.
      if (helper.process.stdin !== null) await pipeline(stream, helper.process.stdin).catch(() => {});
      const answer = await helper.answer;
      if (answer.kind !== 'written') throw new Error(`the helper answered ${answer.kind}`);
      const kept = Math.max(0, process.memoryUsage.rss() - before);
      this.#reusable = Math.floor(kept * REUSABLE_SHARE);
      return {
        nodes: answer.written.nodes,
        blockedMs,
        memory: Math.max(0, memory),
        file: answer.written.bytes,
      };
    } finally {
      helper.process.kill('SIGKILL');
    }
  }

  /**
   * Two pauses, and the app may answer who waits between them: V8 walks through the heap, then writes all of it out.
   */
  async #snapshot(): Promise<{ stream: Readable; blockedMs: Milliseconds }> {
    const { clock } = this.#surroundings;
    const takenFrom = clock.monotonic();
    const stream = getHeapSnapshot();
    const takenMs = clock.monotonic() - takenFrom;
    await nextTurn();
    const writtenFrom = clock.monotonic();
    // Reading begins the writing, which does not end before everything is in the stream's buffer.
    stream.read(0);
    return { stream, blockedMs: Math.round(takenMs + clock.monotonic() - writtenFrom) };
  }
}
