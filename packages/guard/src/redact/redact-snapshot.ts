import type { Bytes } from '@maque/kit';
import { inPieces, SnapshotSections } from '../snapshot/snapshot-sections.ts';
import { OutputChunks } from './output-chunks.ts';
import { RedactedSnapshot } from './redacted-snapshot.ts';

export interface RedactionOptions {
  /** Stops the work before the next piece. */
  readonly signal?: AbortSignal;
  /** Told after every piece how much of the source is read. */
  onProgress?(bytesRead: Bytes): void;
}

/** What a redaction did. */
export interface RedactionSummary {
  readonly bytesRead: Bytes;
  readonly bytesWritten: Bytes;
  readonly nodes: number;
  readonly edges: number;
  readonly strings: {
    /** As they were: the names of code. */
    readonly kept: number;
    /** Names of which a piece is hidden, such as the user's folder in a path. */
    readonly shortened: number;
    /** Shown as `<string of 11 #431>`, their length and their place in the file. */
    readonly replaced: number;
  };
}

/**
 * Copies a heap snapshot without what users may have said: strings, and names of properties, classes and files that look
 * like data. Types, sizes, ids and every edge stay to the byte, so that sizes and retainer paths are what they were; names
 * of code stay readable. Texts that were equal are the same `#431` in one file; nothing is derived from them but their
 * length. As a stream: it holds some 5 bytes for each string of the file.
 * @param source - may use its buffer again as soon as it is asked for more.
 * @param write - gets the redacted file, 64 KiB at a time; the bytes are used again as soon as its promise is fulfilled.
 * When the redaction fails, what was written by then is no snapshot.
 * @throws CodedError of `snapshotFormatErrors` when the source is no snapshot; the signal's reason; what source and
 * `write` fail with.
 */
export async function redactSnapshot(
  source: AsyncIterable<Uint8Array>,
  write: (bytes: Uint8Array) => Promise<void>,
  options: RedactionOptions = {},
): Promise<RedactionSummary> {
  const out = new OutputChunks();
  const snapshot = new RedactedSnapshot(out);
  const sections = new SnapshotSections(snapshot);
  let bytesRead: Bytes = 0;

  async function writeOut(isLast: boolean): Promise<void> {
    for (const chunk of out.take(isLast)) {
      await write(chunk);
      out.giveBack(chunk);
    }
  }

  for await (const piece of inPieces(source)) {
    options.signal?.throwIfAborted();
    sections.push(piece);
    await writeOut(false);
    bytesRead += piece.length;
    options.onProgress?.(bytesRead);
  }
  sections.end();
  snapshot.end();
  await writeOut(true);
  const { nodes, edges, kept, shortened, replaced } = snapshot;
  return { bytesRead, bytesWritten: out.total, nodes, edges, strings: { kept, shortened, replaced } };
}
