import { HOUR, MINUTE, type Milliseconds, SECOND } from '@maque/kit';

/** How long WeChat Pay waits after each try that was not acknowledged: 15 more tries, a day in all. */
export const NOTICE_LADDER: readonly Milliseconds[] = [
  ...[15 * SECOND, 15 * SECOND, 30 * SECOND, 3 * MINUTE, 10 * MINUTE, 20 * MINUTE],
  ...[30 * MINUTE, 30 * MINUTE, 30 * MINUTE, 60 * MINUTE],
  ...[3 * HOUR, 3 * HOUR, 3 * HOUR, 6 * HOUR, 6 * HOUR],
];
