import type { Bytes } from '@maque/kit';

const ELLIPSIS = '…';
const ELLIPSIS_BYTES: Bytes = 3;

/** The text if its UTF-8 fits into `limit` bytes (three or more), else as many whole characters as do, and an ellipsis. */
export function truncateBytes(text: string, limit: Bytes): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return text;
  let end = limit - ELLIPSIS_BYTES;
  // A byte 10xxxxxx continues a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end) + ELLIPSIS;
}
