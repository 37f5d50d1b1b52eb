import { type FileHandle, open, stat } from 'node:fs/promises';
import { getSystemErrorMessage } from 'node:util';
import { type Bytes, CodedError, KiB } from '@maque/kit';
import { comparisonErrors as errors } from './comparison-errors.ts';
import type { SnapshotHeader } from './snapshot-header.ts';
import { readSnapshot, type SnapshotEvents } from './snapshot-sections.ts';

// Eight bytes and more a node are held in memory: this many take 170 MiB. A heap of 2 GB has up to 50 million, but no
// snapshot of it can be taken on a box of that size.
const MAX_NODES = 16_000_000;
const MAX_EDGES = 2 ** 28;

const PIECE: Bytes = 256 * KiB;

/** A snapshot on disk and how large it is. */
export interface SnapshotFile {
  readonly path: string;
  readonly size: Bytes;
}

/** @throws CodedError SNAPSHOT_UNREADABLE */
export async function openSnapshotFile(path: string): Promise<SnapshotFile> {
  const facts = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (!facts.isFile()) throw errors.SNAPSHOT_UNREADABLE({ data: { file: path, reason: 'EISDIR' } });
  return { path, size: facts.size };
}

/**
 * Reads the file once, from front to back.
 * @throws CodedError SNAPSHOT_UNREADABLE, SNAPSHOT_COUNT_TOO_LARGE before anything is allocated for what the head
 * claims, and those of `snapshotFormatErrors`.
 */
export async function readSnapshotFile(
  file: SnapshotFile,
  events: Omit<SnapshotEvents, 'bytes'>,
): Promise<void> {
  const checked: SnapshotEvents = {
    header(header, json) {
      checkCounts(file, header);
      events.header?.(header, json);
    },
    section: (section) => events.section?.(section),
    values: (values, count, section) => events.values?.(values, count, section),
    wantsString: (index) => events.wantsString?.(index) ?? false,
    string: (bytes, length, index) => events.string?.(bytes, length, index),
  };
  try {
    await using handle = await open(file.path);
    await readSnapshot(pieces(handle), checked);
  } catch (error) {
    throw error instanceof CodedError ? error : unreadable(file.path, error);
  }
}

/** Reads into one buffer again and again: streams make a new one each time, and V8 lets 30 MiB of them gather. */
async function* pieces(handle: FileHandle): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(PIECE);
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, PIECE, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Each number takes a digit and a comma at least: what claims more than the file can hold is a lie. */
function checkCounts({ path, size }: SnapshotFile, header: SnapshotHeader): void {
  const { nodeCount, edgeCount, nodeFields, edgeFields } = header;
  check('nodes', nodeCount, Math.min(MAX_NODES, size / (2 * nodeFields.length)));
  check('edges', edgeCount, Math.min(MAX_EDGES, size / (2 * edgeFields.length)));

  function check(what: string, found: number, limit: number): void {
    if (found <= limit) return;
    throw errors.SNAPSHOT_COUNT_TOO_LARGE({ data: { file: path, what, found, limit: Math.floor(limit) } });
  }
}

function unreadable(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('errno' in error) || typeof error.errno !== 'number') return error;
  return errors.SNAPSHOT_UNREADABLE({ data: { file, reason: getSystemErrorMessage(error.errno) } });
}
