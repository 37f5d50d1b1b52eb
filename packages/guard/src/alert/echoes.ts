import type { AlertEvent, Condition } from './condition.ts';

/**
 * Leaves out what says of one process only what was said of another: workers of one app leak alike, and who has heard of
 * the first knows where to look. The first is told and the last to recover, and the first that has something to add; of
 * those that come in one moment, all are, as one message.
 * @param before what had been told.
 * @param after what has been by now, with what these events tell.
 */
export function withoutEchoes(
  events: readonly AlertEvent[],
  before: readonly Condition[],
  after: readonly Condition[],
): AlertEvent[] {
  return events.filter((event) => event.rule !== 'leak' || !isEcho(event, before, after));
}

function isEcho(event: AlertEvent, before: readonly Condition[], after: readonly Condition[]): boolean {
  const others = (all: readonly Condition[]) =>
    all.filter(({ rule, process }) => rule === event.rule && process !== event.process);
  const told = others(before);
  switch (event.kind) {
    case 'raised':
    case 'worse':
      return told.some(({ severity }) => severity === event.severity || event.severity === 'warning');
    case 'clue':
      return told.some(({ note, isExamined }) => note !== null && (isExamined || !event.isExamined));
    case 'recovered':
      return others(after).length > 0;
    case 'reminder': {
      const own = before.find(({ rule, process }) => rule === event.rule && process === event.process);
      return told.some(({ beganMs }) => beganMs < (own?.beganMs ?? 0));
    }
  }
}
