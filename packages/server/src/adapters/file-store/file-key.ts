import type { Bytes } from '@maque/kit';
import type { ByteRange } from '../../ports/file-store.ts';
import { fileStoreErrors } from '../../ports/file-store-errors.ts';

// A segment never begins with a dot, so neither `..` nor a hidden file can be named.
const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/;
const MAX_SEGMENTS = 8;

/** The segments of a key. @throws CodedError FILE_KEY_INVALID */
export function segmentsOf(key: string): string[] {
  const segments = key.split('/', MAX_SEGMENTS + 1);
  if (segments.length > MAX_SEGMENTS || !segments.every((segment) => SEGMENT.test(segment))) {
    throw fileStoreErrors.FILE_KEY_INVALID();
  }
  return segments;
}

/** Whether a range could be one of some file. */
export function isRange({ start, end }: ByteRange): boolean {
  return Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end;
}

/** @throws CodedError FILE_RANGE_INVALID when the range is not inside a file of so many bytes. */
export function checkRange(range: ByteRange, bytes: Bytes): void {
  if (!isRange(range) || range.end >= bytes) throw fileStoreErrors.FILE_RANGE_INVALID({ data: { bytes } });
}
