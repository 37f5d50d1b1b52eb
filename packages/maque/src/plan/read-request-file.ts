import { readFileSync } from 'node:fs';
import { getSystemErrorMessage } from 'node:util';
import { type PlanRequest, parsePlanRequest } from '@maque/ops/plan';
import { commandErrors } from '../cli/command-errors.ts';

/**
 * A request that was kept, or written by hand.
 * @param shown its name as it was told.
 * @throws CodedError INPUT_UNREADABLE, PLAN_REQUEST_INVALID with all that is wrong.
 */
export function readRequestFile(path: string, shown: string): PlanRequest {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { errno = 0 } = error as NodeJS.ErrnoException;
    throw commandErrors.INPUT_UNREADABLE({
      data: { file: shown, reason: getSystemErrorMessage(errno) },
      cause: error,
    });
  }
  return parsePlanRequest(text, shown);
}
