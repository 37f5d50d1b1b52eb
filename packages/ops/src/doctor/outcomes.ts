import type { Text } from '@maque/kit';
import type { Outcome } from './check.ts';
import type { Reading } from './host/host.ts';

const REASON = {
  absent: { en: '{what} is not there', zh: '没有 {what}' },
  unreadable: { en: '{what} cannot be read: {reason}', zh: '无法读取 {what}：{reason}' },
} satisfies Record<string, Text>;

/** What a check says that could not look. */
export function cannotRead(what: string, reading: Exclude<Reading<unknown>, { kind: 'value' }>): Outcome {
  if (reading.kind === 'absent') return { kind: 'unknown', reason: REASON.absent, data: { what } };
  return { kind: 'unknown', reason: REASON.unreadable, data: { what, reason: reading.reason } };
}

/** There is no such service here, or the question does not arise. */
export const NOT_APPLICABLE: readonly Outcome[] = [{ kind: 'not-applicable' }];
