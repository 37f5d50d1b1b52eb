import { type Bytes, KiB } from '@maque/kit';
import type { TrackedRequest } from './exchange.ts';

export interface BodyMemoryOptions {
  /** For all bodies in flight together, as they come in: their texts and objects are counted by the memory plan. */
  readonly maxBytes: Bytes;
  /** The largest body that is read; larger ones are refused unread. */
  readonly bodyLimit: Bytes;
}

/**
 * Bodies up to this are part of what the memory plan gives each request, so that large ones never keep a login or an
 * order out. Orders have a few hundred bytes, logins fifty.
 */
const FREE_BYTES: Bytes = 4 * KiB;
/**
 * What a file holds on its way through, in either direction: 64 KiB each in the socket, in the stream of the request or the
 * file, in the parser and in the write to the other end, some of them twice where the disk is slow. 60 uploads of 10 MiB at
 * once held 0.5 MiB each and took 0.5 to 1.1 MiB of RSS, which is within what the memory plan makes of this.
 */
const STREAM_BYTES: Bytes = 512 * KiB;

/** A page of 100 orders has some 40 KB: answers up to this are part of what the memory plan gives each request. */
const FREE_ANSWER_BYTES: Bytes = 64 * KiB;
/** Of a small memory, so many of the longest answers are let through at once as of the longest bodies. */
const LONG_ANSWERS = 4;

/**
 * Bounds the bytes of all bodies in flight. A request reserves what its body may come to hold before any of it is read
 * and has it until its response has closed, so what is admitted can always be read to its end.
 */
export class BodyMemory {
  readonly #options: BodyMemoryOptions;
  #heldBytes: Bytes = 0;

  constructor(options: BodyMemoryOptions) {
    this.#options = options;
  }

  get heldBytes(): Bytes {
    return this.#heldBytes;
  }

  get maxBytes(): Bytes {
    return this.#options.maxBytes;
  }

  /**
   * Reserves for the body that a request announces; false when there is no room for it.
   * @param share of the memory that may be used now, 0 to 1; a single body fits whatever it is.
   */
  admit(request: TrackedRequest, share: () => number): boolean {
    const bytes = this.#bytesOf(request);
    return bytes === 0 || this.#reserve(request, bytes, share());
  }

  /** Reserves for a file of so many bytes that streams out; false when there is no room for it. */
  admitFile(request: TrackedRequest, fileBytes: Bytes): boolean {
    return fileBytes <= FREE_BYTES || this.#reserve(request, Math.min(fileBytes, STREAM_BYTES), 1);
  }

  /** Reserves for an answer that waits for its client to read it; false when there is no room for it. */
  admitAnswer(request: TrackedRequest, text: string): boolean {
    // Most are known to be short by their characters, which have three bytes at most.
    if (text.length * 3 <= FREE_ANSWER_BYTES) return true;
    const bytes = Buffer.byteLength(text);
    const most = this.#options.maxBytes / LONG_ANSWERS;
    return bytes <= FREE_ANSWER_BYTES || this.#reserve(request, Math.min(bytes, most), 1);
  }

  /** Gives back all that a request has reserved; may be called again. */
  release(request: TrackedRequest): void {
    this.#heldBytes -= request.heldBytes;
    request.heldBytes = 0;
  }

  #reserve(request: TrackedRequest, bytes: Bytes, share: number): boolean {
    const { maxBytes, bodyLimit } = this.#options;
    if (this.#heldBytes + bytes > Math.max(bodyLimit, maxBytes * share)) return false;
    this.#heldBytes += bytes;
    request.heldBytes += bytes;
    return true;
  }

  /** What the body of a request may come to hold beyond {@link FREE_BYTES}. */
  #bytesOf({ headers }: TrackedRequest): Bytes {
    // Chunks may add up to anything: counted as the most that is read of them.
    const isChunked = headers['transfer-encoding'] !== undefined;
    const announced = isChunked ? Number.POSITIVE_INFINITY : Number(headers['content-length'] ?? 0);
    if (announced <= FREE_BYTES) return 0;
    const most = Math.min(announced, this.#options.bodyLimit);
    // Multipart bodies are streamed or refused, never held.
    return /^multipart\//i.test(headers['content-type'] ?? '') ? Math.min(most, STREAM_BYTES) : most;
  }
}
