import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** RFC 1952. */
const GZIP: readonly number[] = [0x1f, 0x8b];

/**
 * What was packed by gzip, unpacked; anything else as it is. By how it begins and not by its name: logs come through pipes,
 * are copied under other names, and are called `.gz` before they are packed. Whoever reads it gets Z_BUF_ERROR where it ends
 * too early, after all that could be unpacked.
 * @throws Error of whoever opens it
 */
export async function unpacked(content: Readable): Promise<Readable> {
  // At its end, too, it is readable.
  await once(content, 'readable');
  const start: Buffer | null = content.read();
  if (start === null) return content;
  content.unshift(start);
  if (!GZIP.every((byte, index) => start[index] === byte)) return content;
  const text = createGunzip();
  content.on('error', (error) => text.destroy(error));
  return content.pipe(text);
}
