import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { type Bytes, KiB, MINUTE, MiB, type Milliseconds, SECOND } from '@maque/kit';
import { readLogLines } from '../read-log-lines.ts';

/** A span of time, milliseconds since the epoch. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface WindowLimits {
  /** Read at most, once the place is found: a busy hour of a small server's web server is some 40 MiB. */
  readonly mostBytes?: Bytes;
  readonly timeoutMs?: Milliseconds;
}

/** What of a file was read. */
export interface WindowReading {
  readonly lines: number;
  /** The span was not read to its end. */
  readonly isCut: boolean;
}

const MOST_BYTES: Bytes = 256 * MiB;
const TIMEOUT_MS: Milliseconds = 20 * SECOND;
const CHUNK: Bytes = 64 * KiB;
/** A request is written down when it is answered: lines are in order but for the longest answers. */
const DISORDER_MS: Milliseconds = 2 * MINUTE;
/** Within so many bytes of the first line of the span the search stops, and reading begins. */
const NEAR: Bytes = 256 * KiB;

/**
 * Tells the lines of a span of time in a log of any size: the place is found by halving the file, since its lines are in
 * order, and no more is read than the span. Packed files are read from their start. @throws Error of the file system
 * @param timeOf milliseconds since the epoch; undefined for lines without a time, such as the rest of a stack trace
 */
export async function readWindow(
  path: string,
  span: Span,
  timeOf: (line: string) => number | undefined,
  tell: (line: string, atMs: number) => void,
  { mostBytes = MOST_BYTES, timeoutMs = TIMEOUT_MS }: WindowLimits = {},
): Promise<WindowReading> {
  await using file = await open(path, 'r');
  const isPacked = path.endsWith('.gz');
  const start = isPacked ? 0 : await findStart(file, span.fromMs - DISORDER_MS, timeOf);
  const deadline = performance.now() + timeoutMs;
  let lines = 0;
  let bytes = 0;
  for await (const line of readLogLines(contentOf(file, start, isPacked))) {
    bytes += line.length + 1;
    // A clock that is asked for each line costs more than the line.
    if (bytes > mostBytes || (bytes % 512 === 0 && performance.now() > deadline))
      return { lines, isCut: true };
    const atMs = timeOf(line);
    if (atMs === undefined) continue;
    if (atMs > span.toMs + DISORDER_MS) break;
    if (atMs < span.fromMs || atMs >= span.toMs) continue;
    lines += 1;
    tell(line, atMs);
  }
  return { lines, isCut: false };
}

async function* contentOf(file: FileHandle, start: Bytes, isPacked: boolean): AsyncGenerator<Uint8Array> {
  if (isPacked) {
    yield* file.createReadStream({ autoClose: false }).pipe(createGunzip());
    return;
  }
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (let position = start; ; ) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield Buffer.from(buffer.subarray(0, bytesRead));
  }
}

/** Where the first line at or behind a moment may begin. */
async function findStart(
  file: FileHandle,
  fromMs: number,
  timeOf: (line: string) => number | undefined,
): Promise<Bytes> {
  let low = 0;
  let high = (await file.stat()).size;
  while (high - low > NEAR) {
    const middle = Math.floor((low + high) / 2);
    const atMs = await timeNear(file, middle, timeOf);
    // Where nothing tells the time, what was before is read too.
    if (atMs === undefined || atMs >= fromMs) high = middle;
    else low = middle;
  }
  return low;
}

/** The time of the first whole line behind a place that has one. */
async function timeNear(
  file: FileHandle,
  position: Bytes,
  timeOf: (line: string) => number | undefined,
): Promise<number | undefined> {
  const buffer = Buffer.allocUnsafe(CHUNK);
  const { bytesRead } = await file.read(buffer, 0, CHUNK, position);
  const [, ...lines] = buffer.toString('utf8', 0, bytesRead).split('\n');
  for (const line of lines.slice(0, -1)) {
    const atMs = timeOf(line);
    if (atMs !== undefined) return atMs;
  }
  return undefined;
}
