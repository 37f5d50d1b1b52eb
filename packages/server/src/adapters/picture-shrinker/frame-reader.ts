import type { Bytes } from '@maque/kit';

/** A header, one line of JSON, and so many bytes behind it. */
export interface Frame {
  readonly header: unknown;
  readonly content: Buffer;
}

/** A line is a few numbers. */
const MAX_HEADER_BYTES: Bytes = 1024;
const LINE_END = 0x0a;

/** What goes before `bytes` bytes of content. */
export function frameHeader(header: object, bytes: Bytes): string {
  return `${JSON.stringify({ ...header, bytes })}\n`;
}

/**
 * The frames in a stream; ends with it, and drops one that breaks off.
 * @throws Error for what is no frame, and for one of more than `maxBytes`.
 */
export async function* framesIn(stream: AsyncIterable<Buffer>, maxBytes: Bytes): AsyncGenerator<Frame> {
  let parts: Buffer[] = [];
  let held: Bytes = 0;
  let wanted: { readonly header: unknown; readonly bytes: Bytes } | undefined;
  for await (const chunk of stream) {
    parts.push(chunk);
    held += chunk.length;
    // Several frames may come at once; a chunk that ends none of them is only kept.
    while (wanted === undefined || held >= wanted.bytes) {
      const all = Buffer.concat(parts);
      if (wanted === undefined) {
        const end = all.indexOf(LINE_END);
        if (end < 0 && all.length > MAX_HEADER_BYTES) throw new Error('a line has no end');
        if (end < 0) break;
        wanted = readHeader(all.subarray(0, end), maxBytes);
        parts = [all.subarray(end + 1)];
      } else {
        yield { header: wanted.header, content: all.subarray(0, wanted.bytes) };
        parts = [all.subarray(wanted.bytes)];
        wanted = undefined;
      }
      held = parts[0]?.length ?? 0;
      if (wanted === undefined && held === 0) break;
    }
  }
}

function readHeader(line: Buffer, maxBytes: Bytes): { header: unknown; bytes: Bytes } {
  const header = JSON.parse(line.toString('utf8')) as { bytes?: unknown };
  const bytes = Number(header.bytes);
  if (!Number.isSafeInteger(bytes) || bytes < 0 || bytes > maxBytes) throw new Error('a frame is too large');
  return { header, bytes };
}
