import { errors, limits } from '@maque/contract';
import { type Bytes, KiB, type Text } from '@maque/kit';

// What is surely less is not measured before it is read: of 8 paths with 2 relations each it adds up to 4 MiB.
const UNMEASURED_BYTES: Bytes = 256 * KiB;
const ISSUE = {
  tooMany: {
    en: `would bring more than ${limits.expandRecords} records by one relation; ask for a smaller page`,
    zh: `同一关联会带出超过 ${limits.expandRecords} 条记录，请减小每页条数`,
  },
  tooLong: {
    en: 'would bring too much, or the same too often; ask for a smaller page or fewer relations',
    zh: '带出的内容过多或重复过多，请减小每页条数或减少关联',
  },
} as const satisfies Record<string, Text>;

/** What relations may bring to one answer, however many of them are followed. */
export class ExpandRoom {
  #bytesLeft: Bytes = limits.expandLength;

  /**
   * Takes room for records before they are read.
   * @param widestRow the most that one of them takes.
   * @param measure asks what they take; only asked where it may be much.
   * @throws CodedError VALIDATION_FAILED.
   */
  async take(count: number, widestRow: Bytes, measure: () => Promise<Bytes>): Promise<void> {
    if (count > limits.expandRecords) throw refusal(ISSUE.tooMany);
    if (count * widestRow <= UNMEASURED_BYTES) return;
    this.#bytesLeft -= await measure();
    if (this.#bytesLeft < 0) throw refusal(ISSUE.tooLong);
  }
}

/** @param length characters of the JSON that relations brought, each record as often as it comes. @throws CodedError VALIDATION_FAILED. */
export function refuseTooLong(length: number): void {
  if (length > limits.expandLength) throw refusal(ISSUE.tooLong);
}

function refusal(issue: Text): Error {
  return errors.VALIDATION_FAILED({ details: [{ path: 'expand', issue }] });
}
