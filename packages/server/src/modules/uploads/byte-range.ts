import type { Bytes } from '@maque/kit';
import type { ByteRange } from '../../ports/index.ts';

/**
 * The part of a file that a `Range` header asks for (RFC 9110 §14): undefined for the whole of it, which is also the
 * answer to what is no range of bytes or several of them at once; `outside` when no byte of it is in the file.
 */
export function requestedRange(
  header: string | undefined,
  fileBytes: Bytes,
): ByteRange | 'outside' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), fileBytes);
    return length === 0 ? 'outside' : { start: fileBytes - length, end: fileBytes - 1 };
  }
  const start = Number(first);
  const end = last === '' ? fileBytes - 1 : Math.min(Number(last), fileBytes - 1);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= fileBytes ? 'outside' : { start, end };
}
