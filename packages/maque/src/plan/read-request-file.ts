import { type Bytes, MiB } from '@maque/kit';
import { type PlanRequest, parsePlanRequest } from '@maque/ops/plan';
import { commandErrors } from '../cli/command-errors.ts';
import { systemReason } from '../cli/system-reason.ts';
import { readSmallFile } from './read-small-file.ts';

/** A request of 64 services is a hundredth of that. */
export const MOST_REQUEST_BYTES: Bytes = MiB;
const TOO_LARGE = { en: 'it is larger than 1 MiB: no request is', zh: '超过 1 MiB，不会是规划请求' };

/**
 * A request that was kept, or written by hand.
 * @param shown its name as it was told.
 * @throws CodedError INPUT_UNREADABLE, PLAN_REQUEST_INVALID with all that is wrong.
 */
export function readRequestFile(path: string, shown: string): PlanRequest {
  let text: string | undefined;
  try {
    text = readSmallFile(path, MOST_REQUEST_BYTES);
  } catch (error) {
    throw commandErrors.INPUT_UNREADABLE({
      data: { file: shown, reason: systemReason(error as NodeJS.ErrnoException) },
      cause: error,
    });
  }
  if (text === undefined) throw commandErrors.INPUT_UNREADABLE({ data: { file: shown, reason: TOO_LARGE } });
  return parsePlanRequest(text, shown);
}
