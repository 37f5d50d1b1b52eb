import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type Bytes, MiB, type Milliseconds } from '@maque/kit';
import type { KeeperEvent } from '../keeper-events.ts';
import { LineBuffer } from './line-buffer.ts';
import { agedName, RotatingFile } from './rotating-file.ts';

export interface EventFileOptions {
  /** When full it becomes the older file of two. */
  readonly maxBytes?: Bytes;
  /** Called when the disk takes nothing, once until it does again. */
  readonly onFault?: (error: Error) => void;
}

/** Its name in a data folder. */
export const EVENTS_FILE = 'events.jsonl';

// With the older file 5,000 events at least; a recycle of two workers is ten, a crash loop some 300 an hour.
const MAX_BYTES: Bytes = MiB;
const FILES = 2;

// Longer than one turn, so that events which belong together are one write, and short enough for a kill to cost little.
const FLUSH_AFTER_MS: Milliseconds = 100;

// What waits for the disk, in characters: 1,000 events.
const MAX_PENDING_LENGTH = 256 * 1024;

/**
 * The events on disk, one JSON object a line, so that tomorrow still tells what happened at 3 a.m. Written off the event
 * loop: a disk that is full or stands still loses events here, and nothing else.
 */
export class EventFile {
  readonly path: string;
  readonly #lines: LineBuffer;

  constructor(path: string, options: EventFileOptions = {}) {
    this.path = path;
    const target = new RotatingFile({ path, maxBytes: options.maxBytes ?? MAX_BYTES, maxFiles: FILES });
    this.#lines = new LineBuffer(target, {
      maxPendingLength: MAX_PENDING_LENGTH,
      flushAfterMs: FLUSH_AFTER_MS,
      ...(options.onFault === undefined ? {} : { onFault: options.onFault }),
    });
  }

  append(event: KeeperEvent): void {
    this.#lines.write(`${JSON.stringify(event)}\n`);
  }

  /** Writes what waits and closes the file. */
  close(): Promise<void> {
    return this.#lines.close();
  }
}

/**
 * The last events that were written, oldest first. A line that is no event, such as one that a full disk cut off, is
 * passed over.
 * @throws Error of the file system when a file is there and cannot be read.
 */
export function readEventFile(path: string, limit: number): KeeperEvent[] {
  const events: KeeperEvent[] = [];
  for (let age = 0; age < FILES && events.length < limit; age += 1) {
    const lines = readLines(agedName(path, age));
    for (let at = lines.length - 1; at >= 0 && events.length < limit; at -= 1) {
      const event = parseEvent(lines[at] ?? '');
      if (event !== undefined) events.push(event);
    }
  }
  return events.reverse();
}

/** An event out of its line; undefined when it is none. */
export function parseEvent(line: string): KeeperEvent | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const event = JSON.parse(line) as Partial<Record<keyof KeeperEvent, unknown>>;
    const { seq, at, code, data } = event;
    const isEvent =
      Number.isSafeInteger(seq) &&
      isTime(at) &&
      typeof code === 'string' &&
      typeof data === 'object' &&
      data !== null;
    return isEvent ? (event as KeeperEvent) : undefined;
  } catch {
    return undefined;
  }
}

function isTime(at: unknown): boolean {
  return typeof at === 'string' && !Number.isNaN(Date.parse(at));
}

/** The lines of a file, or of its end if somebody has made it larger than we would. */
function readLines(path: string): string[] {
  const descriptor = openIfThere(path);
  if (descriptor === undefined) return [];
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return [];
    const bytes = Buffer.alloc(Math.min(stats.size, 2 * MAX_BYTES));
    const length = readSync(descriptor, bytes, 0, bytes.length, stats.size - bytes.length);
    return bytes.toString('utf8', 0, length).split('\n');
  } finally {
    closeSync(descriptor);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
